# Installs the libraries, the public headers, the program, and what find_package and pkg-config need to find them.
#
# Three components, each with its own export file and .pc file, each asking for its own third-party libraries alone:
#   metrics      bellwether::metrics      no dependency
#   exposition   bellwether::exposition   renders and reads the formats
#   exporter     bellwether::exporter     the HTTP exporter
# In a static build a component brings the archives of the folders behind it; in a shared one these are inside its .so.
include(CMakePackageConfigHelpers)
include(bellwether_dependencies)

set(BELLWETHER_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/bellwether")
set(BELLWETHER_COMPONENTS metrics exposition exporter)
set(_folders_metrics metrics base)       # in link order: a user of a symbol before its definition
set(_folders_exposition exposition)
set(_folders_exporter exporter net config)
set(_description_metrics "Metrics for trading systems: counters, gauges, histograms, families, a registry")
set(_description_exposition "Renders and reads Bellwether's metrics: Prometheus text, OpenMetrics, protobuf")
set(_description_exporter "Serves Bellwether's metrics over HTTP")
set(_pc_requires_metrics "")
set(_pc_requires_exposition bellwether-metrics)
set(_pc_requires_exporter bellwether-exposition)

# In the .pc files a path below the prefix stays relative to it, and the prefix to the file: a staged tree can be moved.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(BELLWETHER_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
else()
  file(RELATIVE_PATH _up "/root/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/root")
  string(REGEX REPLACE "/$" "" _up "${_up}")
  set(BELLWETHER_PC_PREFIX "\${pcfiledir}/${_up}")
endif()
foreach(_dir INCLUDEDIR LIBDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${_dir}}")
    set(BELLWETHER_PC_${_dir} "${CMAKE_INSTALL_${_dir}}")
  else()
    set(BELLWETHER_PC_${_dir} "\${prefix}/${CMAKE_INSTALL_${_dir}}")
  endif()
endforeach()

set(BELLWETHER_INSTALLED_COMPONENTS "")
set(BELLWETHER_FIND_DEPENDENCIES "")
foreach(_component IN LISTS BELLWETHER_COMPONENTS)
  set(_targets "")
  set(_libs "")
  foreach(_folder IN LISTS _folders_${_component})
    if(NOT TARGET bellwether_${_folder})
      continue()
    endif()
    if(BUILD_SHARED_LIBS AND NOT _folder IN_LIST BELLWETHER_PUBLIC_FOLDERS)
      continue()
    endif()
    list(APPEND _targets bellwether_${_folder})
    list(APPEND _libs -lbellwether_${_folder})
  endforeach()
  if(NOT _targets)
    continue()
  endif()
  list(APPEND BELLWETHER_INSTALLED_COMPONENTS ${_component})

  install(TARGETS ${_targets} EXPORT bellwether-${_component}-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT bellwether-${_component}-targets NAMESPACE bellwether:: DESTINATION "${BELLWETHER_PACKAGE_DIR}")

  bellwether_collect_dependencies("${_targets}" _find _external_requires _external_libs)
  string(APPEND BELLWETHER_FIND_DEPENDENCIES
    "macro(bellwether_find_dependencies_of_${_component})\n${_find}\nendmacro()\n")

  set(PC_COMPONENT ${_component})
  set(PC_DESCRIPTION "${_description_${_component}}")
  set(_requires ${_pc_requires_${_component}} ${_external_requires})
  set(_libs ${_libs} ${_external_libs})
  list(JOIN _requires ", " PC_REQUIRES)
  list(JOIN _libs " " PC_LIBS)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/bellwether-component.pc.in"
    "${PROJECT_BINARY_DIR}/bellwether-${_component}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/bellwether-${_component}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/bellwether-config.cmake.in"
  "${PROJECT_BINARY_DIR}/bellwether-config.cmake" INSTALL_DESTINATION "${BELLWETHER_PACKAGE_DIR}"
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/bellwether-config-version.cmake"
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/bellwether-config.cmake" "${PROJECT_BINARY_DIR}/bellwether-config-version.cmake"
  DESTINATION "${BELLWETHER_PACKAGE_DIR}")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/bellwether" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

if(TARGET bellwether)
  get_target_property(_type bellwether TYPE)
  if(_type STREQUAL "EXECUTABLE")
    install(TARGETS bellwether RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endif()
