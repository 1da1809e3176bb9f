# check_headers: a translation unit for every header, which includes it twice and nothing else. A header that leans on what
# another happened to include, or that has no guard, does not compile. Not part of `all`; scripts/test builds it.
# Uses each folder's own include paths and flags, without optimisation.
add_custom_target(check_headers)

function(bellwether_check_headers name glob root open close)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${root}/${glob}")
  set(units "")
  foreach(header IN LISTS headers)
    file(RELATIVE_PATH path "${root}" "${header}")
    set(unit "${PROJECT_BINARY_DIR}/check_headers/${path}.cpp")
    set(text "#include ${open}${path}${close}\n#include ${open}${path}${close}  // NOLINT: the guard, too\n")
    file(CONFIGURE OUTPUT "${unit}" CONTENT "${text}" @ONLY)   # writes only what changed
    list(APPEND units "${unit}")
  endforeach()
  if(NOT units)
    return()
  endif()
  set(target "check_headers_${name}")
  add_library(${target} OBJECT EXCLUDE_FROM_ALL ${units})
  target_include_directories(${target} PRIVATE
    "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/packs" "${PROJECT_SOURCE_DIR}")
  if(TARGET bellwether_${name})
    target_include_directories(${target} PRIVATE "$<TARGET_PROPERTY:bellwether_${name},INCLUDE_DIRECTORIES>")
    target_compile_definitions(${target} PRIVATE "$<TARGET_PROPERTY:bellwether_${name},COMPILE_DEFINITIONS>")
  endif()
  target_link_libraries(${target} PRIVATE bellwether_options)
  target_compile_options(${target} PRIVATE -O0)
  add_dependencies(check_headers ${target})
endfunction()

bellwether_check_headers(public "bellwether/*.hpp" "${PROJECT_SOURCE_DIR}/include" "<" ">")
file(GLOB _folders RELATIVE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/src/*")
foreach(_folder IN LISTS _folders)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/src/${_folder}")
    bellwether_check_headers(${_folder} "${_folder}/*.hpp" "${PROJECT_SOURCE_DIR}/src" "\"" "\"")
  endif()
endforeach()
bellwether_check_headers(packs "packs/*.hpp" "${PROJECT_SOURCE_DIR}" "\"" "\"")
