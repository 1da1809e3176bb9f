# cmake -DCOMPILER=… -DSOURCE=… -DINCLUDE=… -P check.cmake
# The source must fail to compile, with a message that matches its line `// expect: <regular expression>`; where that line
# is empty, it must compile, which shows that the others fail for their reason alone.
file(STRINGS "${SOURCE}" line REGEX "^// expect:" LIMIT_COUNT 1)
string(REGEX REPLACE "^// expect: *" "" expected "${line}")
execute_process(COMMAND "${COMPILER}" -std=c++20 -fsyntax-only "-I${INCLUDE}" "${SOURCE}"
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(expected STREQUAL "")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "does not compile:\n${output}")
  endif()
elseif(result EQUAL 0)
  message(FATAL_ERROR "compiles, but should not")
elseif(NOT output MATCHES "${expected}")
  message(FATAL_ERROR "fails without saying \"${expected}\":\n${output}")
endif()
