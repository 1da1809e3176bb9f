# The version stands in include/bellwether/version.hpp alone.
file(READ "${CMAKE_CURRENT_SOURCE_DIR}/include/bellwether/version.hpp" _header)
foreach(_part MAJOR MINOR PATCH)
  string(REGEX MATCH "BELLWETHER_VERSION_${_part} ([0-9]+)" _ "${_header}")
  list(APPEND _parts "${CMAKE_MATCH_1}")
endforeach()
list(JOIN _parts "." BELLWETHER_VERSION)
