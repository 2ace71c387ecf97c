/* The kernel's place under a client that is measured: see kernel.c. */
#pragma once

/* Begins or ends counting; what is done before and after is not part of the measure. */
void kernel_count(int on);
