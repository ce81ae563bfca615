# Run as a script: turns the sentences of the messages into one C++ unit, a language a file.
#   cmake -DOUT=x.cpp -DDATA=dir -P embed_messages.cmake
set(body "// Generated from data/messages; do not edit.\n#include \"modules/outbox/templates.h\"\n\nnamespace huiyin::outbox {\n")
string(APPEND body "const ShippedLanguage kShippedLanguages[] = {\n")
file(GLOB files ${DATA}/messages/*.json)
list(SORT files)
set(count 0)
foreach(file ${files})
  get_filename_component(name ${file} NAME_WE)
  # Square brackets and semicolons would be taken apart by the language of this script.
  file(READ ${file} text HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" text "${text}")
  string(REGEX REPLACE "((\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..\\\\x..))" "\\1\"\n     \"" text "${text}")
  string(APPEND body "    {\"${name}\",\n     \"${text}\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND body "};\nconst int kShippedLanguageCount = ${count};\n}  // namespace huiyin::outbox\n")
file(WRITE ${OUT} "${body}")
