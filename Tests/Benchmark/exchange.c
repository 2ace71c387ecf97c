/*
 * Exchanges commands with a drive by libnvme-mi, for callgrind to count.
 *
 *     exchange-libnvme identify|health NUMBER
 */

#include "kernel.h"

#include <libnvme-mi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UP = 10 };

int main(int argc, char **argv) {
    int identifies = argc == 3 && strcmp(argv[1], "identify") == 0;
    struct nvme_mi_nvm_ss_health_status health;
    static struct nvme_id_ctrl identity;
    nvme_root_t root;
    nvme_mi_ep_t endpoint;
    nvme_mi_ctrl_t controller;
    int number;

    if (argc != 3 || (!identifies && strcmp(argv[1], "health") != 0)) {
        fprintf(stderr, "usage: %s identify|health NUMBER\n", argv[0]);
        return 2;
    }
    number = atoi(argv[2]);
    root = nvme_mi_create_root(stderr, 3);
    endpoint = root ? nvme_mi_open_mctp(root, 1, 9) : NULL;
    controller = endpoint ? nvme_mi_init_ctrl(endpoint, 0) : NULL;
    if (!controller) {
        perror("exchange");
        return 1;
    }
    for (int i = -WARM_UP; i < number; i++) {
        int result;

        if (i == 0)
            kernel_count(1);
        if (identifies)
            result = nvme_mi_admin_identify_ctrl(controller, &identity);
        else
            result = nvme_mi_mi_subsystem_health_status_poll(endpoint, false, &health);
        if (result) {
            fprintf(stderr, "exchange: result %d\n", result);
            return 1;
        }
    }
    kernel_count(0);
    if (identifies ? memcmp(identity.mn, "Drive ", 6) != 0 : health.ctemp != 0x2e) {
        fprintf(stderr, "exchange: the answer is another\n");
        return 1;
    }
    nvme_mi_free_root(root);
    return 0;
}
