# Installs the libraries, the public headers, the program, and what find_package and pkg-config need to find them.
#
# Two components, each with its own export file and .pc file, each asking for its own third-party libraries alone:
#   metrics    bellwether::metrics, bellwether::exposition, bellwether::resilience; no dependency
#   exporter   bellwether::exporter
# In a static build a component brings the archives of all its folders; in a shared one these are inside its .so.
include(CMakePackageConfigHelpers)
include(bellwether_dependencies)

set(BELLWETHER_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/bellwether")
set(_description_metrics "Metrics for trading systems: counters, gauges, histograms, families, exposition formats")
set(_description_exporter "Serves Bellwether's metrics over HTTP")
set(_pc_requires_metrics "")
set(_pc_requires_exporter bellwether-metrics)

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
  if(BUILD_SHARED_LIBS)
    if(TARGET bellwether_${_component}_shared)
      set(_targets bellwether_${_component}_shared)
      set(_libs -lbellwether_${_component})
    endif()
    if(_component STREQUAL "metrics")
      foreach(_folder exposition resilience)
        if(TARGET bellwether_${_folder}_shared)
          list(APPEND _targets bellwether_${_folder}_shared)
        endif()
      endforeach()
    endif()
  else()
    foreach(_folder IN LISTS BELLWETHER_FOLDERS_${_component})
      if(TARGET bellwether_${_folder})
        list(APPEND _targets bellwether_${_folder})
        list(APPEND _libs -lbellwether_${_folder})
      endif()
    endforeach()
  endif()
  if(NOT TARGET bellwether_${_component} OR NOT _targets)
    continue()
  endif()
  list(APPEND BELLWETHER_INSTALLED_COMPONENTS ${_component})

  install(TARGETS ${_targets} EXPORT bellwether-${_component}-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT bellwether-${_component}-targets NAMESPACE bellwether:: DESTINATION "${BELLWETHER_PACKAGE_DIR}")

  # What users must have: in a static build all that the archives call; a .so knows its own needs.
  set(_find "")
  set(_external_requires "")
  set(_external_libs "")
  if(NOT BUILD_SHARED_LIBS)
    bellwether_collect_dependencies("${_targets}" _find _external_requires _external_libs)
  endif()
  if(_component STREQUAL "metrics")
    list(REMOVE_ITEM _external_libs -pthread -lm -lrt -ldl)   # parts of the C library
    if(_external_requires OR _external_libs)
      message(FATAL_ERROR "bellwether::metrics promises to need nothing but the C++ library, and a folder of it "
        "(${BELLWETHER_FOLDERS_metrics}) links: ${_external_requires} ${_external_libs}. Move what needs it to the exporter.")
    endif()
    set(_external_libs -pthread)
  endif()
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
  FILES_MATCHING PATTERN "*.hpp"
  PATTERN "alerts.hpp" EXCLUDE)   # what stands behind it needs SQLite and libcurl and is not installed
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

if(TARGET bellwether)
  get_target_property(_type bellwether TYPE)
  if(_type STREQUAL "EXECUTABLE")
    install(TARGETS bellwether RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
endif()
