# -Wconversion finds the narrowing that turns a count into nonsense; the sign variant is
# left to review, since sizes and offsets mix in every container call.
add_compile_options(
  $<$<COMPILE_LANGUAGE:CXX>:-Wall>
  $<$<COMPILE_LANGUAGE:CXX>:-Wextra>
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
  # A designated initialiser that leaves the rest at their defaults is the point of one.
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>
  $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
if(HUIYIN_SANITIZE)
  add_compile_options(-fsanitize=${HUIYIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HUIYIN_SANITIZE})
endif()
