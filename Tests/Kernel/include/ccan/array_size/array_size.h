/* Stands in for the header that libnvme's example includes and libnvme-dev does not ship. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
