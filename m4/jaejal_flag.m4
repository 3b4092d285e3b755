# SPDX-License-Identifier: MIT
# JAEJAL_FLAG(VARIABLE, FLAG): adds FLAG to VARIABLE if the compiler takes it without a warning.
AC_DEFUN([JAEJAL_FLAG], [
  AS_VAR_PUSHDEF([cache], [jaejal_cv_flag_$2])
  AC_CACHE_CHECK([whether the compiler takes $2], [cache], [
    jaejal_save=$CFLAGS
    CFLAGS="$CFLAGS -Werror $2"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()], [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$jaejal_save])
  AS_VAR_IF([cache], [yes], [AS_VAR_APPEND([$1], [" $2"])])
  AS_VAR_POPDEF([cache])
])
