/* Sends commands through libnvme-mi, as whoever uses that library would, and prints what came of each.
 *
 *   judge NET EID CONTROLLER
 *
 * Each line of its input is a command with its arguments. Numbers are as strtoul takes them, data is
 * hexadecimal digits ("-" for none):
 *
 *   passthru OPCODE NSID CDW10 CDW11 CDW12 CDW13 CDW14 CDW15 LENGTH DATA  nvme_mi_admin_admin_passthru
 *   admin OPCODE NSID CDW10 CDW11 CDW12 CDW13 CDW14 CDW15 LENGTH DATA   nvme_mi_admin_xfer
 *   get-feature FID SEL NSID CDW11 LENGTH                               nvme_mi_admin_get_features
 *   set-feature FID NSID VALUE SAVE DATA                                nvme_mi_admin_set_features
 *   security-send PROTOCOL SPECIFIC DATA, security-receive PROTOCOL SPECIFIC LENGTH
 *   config-get DWORD0 DWORD1, config-set DWORD0 DWORD1                  raw Configuration Get and Set
 *   health CLEAR                                                        NVM Subsystem Health Status Poll
 *   subsystem, port N, controllers, controller N                        Read NVMe-MI Data Structure
 *   mi OPCODE DWORD0 DWORD1 DATA                                        nvme_mi_mi_xfer (libnvme 1.12 on)
 *   control OPCODE PARAMETER SLOT                                       nvme_mi_control (libnvme 1.11 on;
 *                                                                       slot 1 from nvme_mi_set_csi on)
 *
 * A line is printed for each: `STATUS RESULT DATA` (the status is that of NVMe, or of NVMe-MI with 10000h added;
 * DATA is "-" for none), `unavailable` where this libnvme lacks the function, or `failed: ` and why.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <libnvme-mi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Later than the oldest libnvme that this has to build with, whose headers do not have them. */
static int (*mi_xfer)(nvme_mi_ep_t, struct nvme_mi_mi_req_hdr *, size_t, struct nvme_mi_mi_resp_hdr *, size_t *);
static int (*control_primitive)(nvme_mi_ep_t, __u8, __u16, __u16 *);
static int (*set_csi)(nvme_mi_ep_t, __u8);

static void find_later_functions(void)
{
    *(void **)&mi_xfer = dlsym(RTLD_DEFAULT, "nvme_mi_mi_xfer");
    *(void **)&control_primitive = dlsym(RTLD_DEFAULT, "nvme_mi_control");
    *(void **)&set_csi = dlsym(RTLD_DEFAULT, "nvme_mi_set_csi");
}

enum { BUFFER = 4096, MOST_ARGUMENTS = 16, OF_NVME_MI = 0x10000 };

static char *arguments[MOST_ARGUMENTS];
static int argument_count;
static unsigned char data[BUFFER];

static unsigned long number(int index)
{
    if (index >= argument_count) {
        fprintf(stderr, "judge: argument %d is missing\n", index + 1);
        exit(2);
    }
    return strtoul(arguments[index], NULL, 0);
}

/* Reads the hexadecimal digits of an argument into `data`; returns how many bytes. */
static size_t bytes(int index)
{
    size_t count = 0;
    const char *text = index < argument_count ? arguments[index] : "-";

    if (!strcmp(text, "-"))
        return 0;
    for (; count < BUFFER && sscanf(text + 2 * count, "%2hhx", &data[count]) == 1; count++)
        ;
    return count;
}

/* Prints what a call of the library came to. */
static void conclude(int outcome, unsigned long result, const void *reply, size_t length)
{
    if (outcome < 0) {
        printf("failed: %s\n", strerror(errno));
        return;
    }
    if (outcome > 0 && nvme_status_get_type(outcome) == NVME_STATUS_TYPE_MI)
        outcome = OF_NVME_MI + nvme_status_get_value(outcome);
    printf("%d %lu ", outcome, result);
    for (size_t index = 0; outcome == 0 && index < length; index++)
        printf("%02x", ((const unsigned char *)reply)[index]);
    printf(outcome == 0 && length ? "\n" : "-\n");
}

static void unavailable(void)
{
    printf("unavailable\n");
}

static void admin(nvme_mi_ctrl_t controller)
{
    unsigned char request[sizeof(struct nvme_mi_admin_req_hdr) + BUFFER] = {0};
    unsigned char response[sizeof(struct nvme_mi_admin_resp_hdr) + BUFFER] = {0};
    struct nvme_mi_admin_req_hdr *header = (void *)request;
    struct nvme_mi_admin_resp_hdr *answer = (void *)response;
    size_t length = number(8), sent = bytes(9);
    int outcome;

    memcpy(request + sizeof(*header), data, sent);
    header->opcode = number(0);
    header->cdw1 = number(1);
    header->cdw10 = number(2);
    header->cdw11 = number(3);
    header->cdw12 = number(4);
    header->cdw13 = number(5);
    header->cdw14 = number(6);
    header->cdw15 = number(7);
    outcome = nvme_mi_admin_xfer(controller, header, sent, answer, 0, &length);
    if (outcome == 0 && answer->status)
        outcome = OF_NVME_MI + answer->status;
    else if (outcome == 0)
        outcome = answer->cdw3 >> 17;
    conclude(outcome, answer->cdw0, response + sizeof(*answer), length);
}

static void passthru(nvme_mi_ctrl_t controller)
{
    __u32 result = 0, length = number(8);
    int outcome;

    memset(data, 0, sizeof(data));
    bytes(9);
    outcome = nvme_mi_admin_admin_passthru(controller, number(0), 0, 0, number(1), 0, 0, number(2), number(3),
                                           number(4), number(5), number(6), number(7), length, data, 0, NULL, 0,
                                           &result);
    /* Opcodes say which way data goes. */
    conclude(outcome, result, data, number(0) & 2 ? length : 0);
}

static void get_feature(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_get_features_args args = {
        .args_size = sizeof(args), .fid = number(0), .sel = number(1), .nsid = number(2),
        .cdw11 = number(3), .data_len = number(4), .data = number(4) ? data : NULL, .result = &result,
    };
    int outcome = nvme_mi_admin_get_features(controller, &args);

    conclude(outcome, result, data, args.data_len);
}

static void set_feature(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_set_features_args args = {
        .args_size = sizeof(args), .fid = number(0), .nsid = number(1), .cdw11 = number(2),
        .save = number(3), .data_len = bytes(4), .data = bytes(4) ? data : NULL, .result = &result,
    };
    int outcome = nvme_mi_admin_set_features(controller, &args);

    conclude(outcome, result, NULL, 0);
}

static void security_send(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_security_send_args args = {
        .args_size = sizeof(args), .secp = number(0), .spsp0 = number(1) & 0xff, .spsp1 = number(1) >> 8,
        .data_len = bytes(2), .tl = bytes(2), .data = data, .result = &result,
    };
    int outcome = nvme_mi_admin_security_send(controller, &args);

    conclude(outcome, result, NULL, 0);
}

static void security_receive(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_security_receive_args args = {
        .args_size = sizeof(args), .secp = number(0), .spsp0 = number(1) & 0xff, .spsp1 = number(1) >> 8,
        .data_len = number(2), .al = number(2), .data = data, .result = &result,
    };
    int outcome = nvme_mi_admin_security_recv(controller, &args);

    conclude(outcome, result, data, args.data_len);
}

static void management(nvme_mi_ep_t endpoint)
{
    unsigned char request[sizeof(struct nvme_mi_mi_req_hdr) + BUFFER] = {0};
    unsigned char response[sizeof(struct nvme_mi_mi_resp_hdr) + BUFFER] = {0};
    struct nvme_mi_mi_req_hdr *header = (void *)request;
    struct nvme_mi_mi_resp_hdr *answer = (void *)response;
    /* It takes data in one direction only. */
    size_t sent = bytes(3), length = sent ? 0 : BUFFER;
    unsigned long result;
    int outcome;

    if (!mi_xfer)
        return unavailable();
    memcpy(request + sizeof(*header), data, sent);
    header->opcode = number(0);
    header->cdw0 = number(1);
    header->cdw1 = number(2);
    outcome = mi_xfer(endpoint, header, sent, answer, &length);
    if (outcome == 0 && answer->status)
        outcome = OF_NVME_MI + answer->status;
    result = answer->nmresp[0] | answer->nmresp[1] << 8 | (unsigned long)answer->nmresp[2] << 16;
    conclude(outcome, result, response + sizeof(*answer), length);
}

static void control(nvme_mi_ep_t endpoint)
{
    __u16 result = 0;
    int outcome;

    if (!control_primitive || (number(2) && !set_csi))
        return unavailable();
    if (set_csi)
        set_csi(endpoint, number(2));
    outcome = control_primitive(endpoint, number(0), number(1), &result);
    conclude(outcome, result, NULL, 0);
}

/* MI commands whose helpers return the status of NVMe-MI as it is. */
static void mi(int outcome, unsigned long result, const void *reply, size_t length)
{
    conclude(outcome > 0 ? OF_NVME_MI + (int)nvme_status_get_value(outcome) : outcome, result, reply, length);
}

static void read_data_structure(nvme_mi_ep_t endpoint, const char *command)
{
    struct nvme_mi_read_nvm_ss_info subsystem;
    struct nvme_mi_read_port_info port;
    struct nvme_mi_read_ctrl_info information;
    struct nvme_ctrl_list controllers = {0};
    int outcome;

    if (!strcmp(command, "subsystem")) {
        outcome = nvme_mi_mi_read_mi_data_subsys(endpoint, &subsystem);
        mi(outcome, 0, &subsystem, sizeof(subsystem));
    } else if (!strcmp(command, "port")) {
        outcome = nvme_mi_mi_read_mi_data_port(endpoint, number(0), &port);
        mi(outcome, 0, &port, sizeof(port));
    } else if (!strcmp(command, "controllers")) {
        outcome = nvme_mi_mi_read_mi_data_ctrl_list(endpoint, 0, &controllers);
        mi(outcome, 0, &controllers, 2 * (1 + le16toh(controllers.num)));
    } else if (!strcmp(command, "controller")) {
        outcome = nvme_mi_mi_read_mi_data_ctrl(endpoint, number(0), &information);
        mi(outcome, 0, &information, sizeof(information));
    } else {
        fprintf(stderr, "judge: there is no command %s\n", command);
        exit(2);
    }
}

static void run(nvme_mi_ep_t endpoint, nvme_mi_ctrl_t controller, const char *command)
{
    __u32 result = 0;
    struct nvme_mi_nvm_ss_health_status health;
    int outcome;

    if (!strcmp(command, "admin"))
        admin(controller);
    else if (!strcmp(command, "passthru"))
        passthru(controller);
    else if (!strcmp(command, "get-feature"))
        get_feature(controller);
    else if (!strcmp(command, "set-feature"))
        set_feature(controller);
    else if (!strcmp(command, "security-send"))
        security_send(controller);
    else if (!strcmp(command, "security-receive"))
        security_receive(controller);
    else if (!strcmp(command, "mi"))
        management(endpoint);
    else if (!strcmp(command, "control"))
        control(endpoint);
    else if (!strcmp(command, "config-get")) {
        outcome = nvme_mi_mi_config_get(endpoint, number(0), number(1), &result);
        mi(outcome, result, NULL, 0);
    } else if (!strcmp(command, "config-set"))
        mi(nvme_mi_mi_config_set(endpoint, number(0), number(1)), 0, NULL, 0);
    else if (!strcmp(command, "health")) {
        outcome = nvme_mi_mi_subsystem_health_status_poll(endpoint, number(0), &health);
        mi(outcome, 0, &health, sizeof(health));
    } else
        read_data_structure(endpoint, command);
}

int main(int count, char **words)
{
    /* Data of BUFFER bytes has twice as many digits. */
    static char line[3 * BUFFER];
    nvme_root_t root;
    nvme_mi_ep_t endpoint;
    nvme_mi_ctrl_t controller;
    char *command;

    if (count != 4) {
        fprintf(stderr, "usage: judge NET EID CONTROLLER <COMMANDS\n");
        return 2;
    }
    find_later_functions();
    root = nvme_mi_create_root(stderr, DEFAULT_LOGLEVEL);
    /* Nothing but what is asked for is sent. */
    nvme_mi_set_probe_enabled(root, false);
    endpoint = nvme_mi_open_mctp(root, strtoul(words[1], NULL, 0), strtoul(words[2], NULL, 0));
    controller = endpoint ? nvme_mi_init_ctrl(endpoint, strtoul(words[3], NULL, 0)) : NULL;
    if (!controller) {
        perror("judge");
        return 1;
    }
    while (fgets(line, sizeof(line), stdin)) {
        command = strtok(line, " \n");
        for (argument_count = 0; argument_count < MOST_ARGUMENTS; argument_count++) {
            arguments[argument_count] = strtok(NULL, " \n");
            if (!arguments[argument_count])
                break;
        }
        if (command)
            run(endpoint, controller, command);
    }
    nvme_mi_close(endpoint);
    nvme_mi_free_root(root);
    return 0;
}
