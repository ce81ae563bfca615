# Run as a script: turns files into one C++ unit that returns their names and texts.
#   cmake -DOUT=x.cpp -DHEADER=db/migrate.h -DKIND=migrations|words -DFILES=a;b -P embed.cmake
set(body "// Generated from the files it names; do not edit.\n#include \"${HEADER}\"\n\n")
if(KIND STREQUAL "migrations")
  string(APPEND body "namespace huiyin::db {\nconst std::vector<Migration>& Migrations() {\n  static const std::vector<Migration> all = {\n")
  foreach(file ${FILES})
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^0*([0-9]+)" _ ${name})
    file(READ ${file} text)
    string(APPEND body "    {${CMAKE_MATCH_1}, \"${name}\", R\"~sql~(${text})~sql~\", StepOf(${CMAKE_MATCH_1})},\n")
  endforeach()
  string(APPEND body "  };\n  return all;\n}\n}  // namespace huiyin::db\n")
endif()
file(WRITE ${OUT} "${body}")
