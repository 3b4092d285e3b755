# SPDX-License-Identifier: MIT
# Numbered migrations, in the order of their names -> a C table of texts. Comments are left out.
function start() { if (n++) printf "    ;\n"; printf "static const char step_%d[] =\n    \"\"\n", n }
BEGIN { print "/* Made by db/sqlite/embed.awk from db/sqlite/migrations. */"; print "#include \"db/sqlite/internal.h\"\n" }
FNR == 1 { start() }
{
    sub(/[ \t]*--.*$/, "")
    if ($0 ~ /^[ \t]*$/) next
    gsub(/\\/, "\\\\"); gsub(/"/, "\\\"")
    printf "    \"%s\\n\"\n", $0
}
END {
    print "    ;"
    printf "const char *const store_migrations[] = {\n"
    for (i = 1; i <= n; i++) printf "    step_%d,\n", i
    print "};"
    print "const size_t store_n_migrations = ARRAY_LEN(store_migrations);"
}
