/* Stands in for the header that libnvme's example includes and libnvme-dev does not ship. */
#include <endian.h>

#define be16_to_cpu be16toh
#define cpu_to_le16 htole16
#define cpu_to_le32 htole32
#define le16_to_cpu le16toh
#define le32_to_cpu le32toh
#define le64_to_cpu le64toh
