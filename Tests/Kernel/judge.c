/* Sends commands through libnvme-mi, as whoever uses that library would, and prints what came of each.
 *
 *   judge NET EID CONTROLLER COMMAND [ARGUMENT...]
 *
 * Numbers are as strtoul takes them, data is hexadecimal digits ("-" for none). COMMANDs:
 *
 *   admin OPCODE NSID CDW10 CDW11 CDW12 CDW13 CDW14 CDW15 LENGTH DATA   nvme_mi_admin_xfer
 *   get-feature FID SEL NSID CDW11 LENGTH                               nvme_mi_admin_get_features
 *   set-feature FID NSID VALUE SAVE DATA                                nvme_mi_admin_set_features
 *   security-send PROTOCOL SPECIFIC DATA, security-receive PROTOCOL SPECIFIC LENGTH
 *   config-get DWORD0 DWORD1, config-set DWORD0 DWORD1                  raw Configuration Get and Set
 *   health CLEAR                                                        NVM Subsystem Health Status Poll
 *   subsystem, port N, controllers, controller N                        Read NVMe-MI Data Structure
 *   mi OPCODE DWORD0 DWORD1 DATA                                        nvme_mi_mi_xfer (libnvme 1.12 on)
 *   control OPCODE PARAMETER SLOT                                       nvme_mi_control (libnvme 1.11 on)
 *
 * Prints `status N` (that of NVMe, or of NVMe-MI with 1000h added), `result N` and `data HEX`; `unavailable` and
 * status 77 where this libnvme lacks the function; what it makes of a failure of its own goes to standard error.
 */
#include <errno.h>
#include <inttypes.h>
#include <libnvme-mi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Later than the oldest libnvme that this has to build with. */
extern int nvme_mi_mi_xfer(nvme_mi_ep_t, struct nvme_mi_mi_req_hdr *, size_t, struct nvme_mi_mi_resp_hdr *,
                           off_t, size_t *) __attribute__((weak));
extern int nvme_mi_control(nvme_mi_ep_t, __u8, __u16, __u16 *) __attribute__((weak));
extern int nvme_mi_set_csi(nvme_mi_ep_t, __u8) __attribute__((weak));

enum { BUFFER = 4096, UNAVAILABLE = 77 };

static char **arguments;
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

/* Prints what a call of the library came to; returns the exit status. */
static int conclude(int outcome, unsigned long result, const void *reply, size_t length)
{
    if (outcome < 0) {
        fprintf(stderr, "judge: %s\n", strerror(errno));
        return 1;
    }
    if (outcome > 0 && nvme_status_get_type(outcome) == NVME_STATUS_TYPE_MI)
        outcome = 0x1000 + nvme_status_get_value(outcome);
    printf("status %d\nresult %lu\ndata ", outcome & 0xffff, result);
    for (size_t index = 0; outcome == 0 && index < length; index++)
        printf("%02x", ((const unsigned char *)reply)[index]);
    printf("\n");
    return 0;
}

static int admin(nvme_mi_ctrl_t controller)
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
        outcome = 0x1000 + answer->status;
    else if (outcome == 0)
        outcome = answer->cdw3 >> 17;
    return conclude(outcome, answer->cdw0, response + sizeof(*answer), length);
}

static int get_feature(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_get_features_args args = {
        .args_size = sizeof(args), .fid = number(0), .sel = number(1), .nsid = number(2),
        .cdw11 = number(3), .data_len = number(4), .data = number(4) ? data : NULL, .result = &result,
    };
    int outcome = nvme_mi_admin_get_features(controller, &args);

    return conclude(outcome, result, data, args.data_len);
}

static int set_feature(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_set_features_args args = {
        .args_size = sizeof(args), .fid = number(0), .nsid = number(1), .cdw11 = number(2),
        .save = number(3), .data_len = bytes(4), .data = bytes(4) ? data : NULL, .result = &result,
    };
    int outcome = nvme_mi_admin_set_features(controller, &args);

    return conclude(outcome, result, NULL, 0);
}

static int security_send(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_security_send_args args = {
        .args_size = sizeof(args), .secp = number(0), .spsp0 = number(1) & 0xff, .spsp1 = number(1) >> 8,
        .data_len = bytes(2), .tl = bytes(2), .data = data, .result = &result,
    };
    int outcome = nvme_mi_admin_security_send(controller, &args);

    return conclude(outcome, result, NULL, 0);
}

static int security_receive(nvme_mi_ctrl_t controller)
{
    __u32 result = 0;
    struct nvme_security_receive_args args = {
        .args_size = sizeof(args), .secp = number(0), .spsp0 = number(1) & 0xff, .spsp1 = number(1) >> 8,
        .data_len = number(2), .al = number(2), .data = data, .result = &result,
    };
    int outcome = nvme_mi_admin_security_recv(controller, &args);

    return conclude(outcome, result, data, args.data_len);
}

static int management(nvme_mi_ep_t endpoint)
{
    unsigned char request[sizeof(struct nvme_mi_mi_req_hdr) + BUFFER] = {0};
    unsigned char response[sizeof(struct nvme_mi_mi_resp_hdr) + BUFFER] = {0};
    struct nvme_mi_mi_req_hdr *header = (void *)request;
    struct nvme_mi_mi_resp_hdr *answer = (void *)response;
    size_t length = BUFFER, sent = bytes(3);
    unsigned long result;
    int outcome;

    if (!nvme_mi_mi_xfer)
        return UNAVAILABLE;
    memcpy(request + sizeof(*header), data, sent);
    header->opcode = number(0);
    header->cdw0 = number(1);
    header->cdw1 = number(2);
    outcome = nvme_mi_mi_xfer(endpoint, header, sent, answer, 0, &length);
    if (outcome == 0 && answer->status)
        outcome = 0x1000 + answer->status;
    result = answer->nmresp[0] | answer->nmresp[1] << 8 | (unsigned long)answer->nmresp[2] << 16;
    return conclude(outcome, result, response + sizeof(*answer), length);
}

static int control(nvme_mi_ep_t endpoint)
{
    __u16 result = 0;
    int outcome;

    if (!nvme_mi_control || !nvme_mi_set_csi)
        return UNAVAILABLE;
    nvme_mi_set_csi(endpoint, number(2));
    outcome = nvme_mi_control(endpoint, number(0), number(1), &result);
    return conclude(outcome, result, NULL, 0);
}

/* MI commands whose helpers return the status of NVMe-MI as it is. */
static int mi(int outcome, unsigned long result, const void *reply, size_t length)
{
    return conclude(outcome > 0 ? 0x1000 + (int)nvme_status_get_value(outcome) : outcome, result, reply,
                    length);
}

static int run(nvme_mi_ep_t endpoint, nvme_mi_ctrl_t controller, const char *command)
{
    __u32 result = 0;
    struct nvme_mi_nvm_ss_health_status health;
    struct nvme_mi_read_nvm_ss_info subsystem;
    struct nvme_mi_read_port_info port;
    struct nvme_mi_read_ctrl_info information;
    int outcome;

    if (!strcmp(command, "admin"))
        return admin(controller);
    if (!strcmp(command, "get-feature"))
        return get_feature(controller);
    if (!strcmp(command, "set-feature"))
        return set_feature(controller);
    if (!strcmp(command, "security-send"))
        return security_send(controller);
    if (!strcmp(command, "security-receive"))
        return security_receive(controller);
    if (!strcmp(command, "mi"))
        return management(endpoint);
    if (!strcmp(command, "control"))
        return control(endpoint);
    if (!strcmp(command, "config-get")) {
        outcome = nvme_mi_mi_config_get(endpoint, number(0), number(1), &result);
        return mi(outcome, result, NULL, 0);
    }
    if (!strcmp(command, "config-set"))
        return mi(nvme_mi_mi_config_set(endpoint, number(0), number(1)), 0, NULL, 0);
    if (!strcmp(command, "health")) {
        outcome = nvme_mi_mi_subsystem_health_status_poll(endpoint, number(0), &health);
        return mi(outcome, 0, &health, sizeof(health));
    }
    if (!strcmp(command, "subsystem")) {
        outcome = nvme_mi_mi_read_mi_data_subsys(endpoint, &subsystem);
        return mi(outcome, 0, &subsystem, sizeof(subsystem));
    }
    if (!strcmp(command, "port")) {
        outcome = nvme_mi_mi_read_mi_data_port(endpoint, number(0), &port);
        return mi(outcome, 0, &port, sizeof(port));
    }
    if (!strcmp(command, "controller")) {
        outcome = nvme_mi_mi_read_mi_data_ctrl(endpoint, number(0), &information);
        return mi(outcome, 0, &information, sizeof(information));
    }
    fprintf(stderr, "judge: there is no command %s\n", command);
    return 2;
}

int main(int count, char **words)
{
    nvme_root_t root;
    nvme_mi_ep_t endpoint;
    nvme_mi_ctrl_t controller;
    int status;

    if (count < 5) {
        fprintf(stderr, "usage: judge NET EID CONTROLLER COMMAND [ARGUMENT...]\n");
        return 2;
    }
    arguments = words + 5;
    argument_count = count - 5;
    root = nvme_mi_create_root(stderr, DEFAULT_LOGLEVEL);
    /* Nothing but what is asked for is sent. */
    nvme_mi_set_probe_enabled(root, false);
    endpoint = nvme_mi_open_mctp(root, strtoul(words[1], NULL, 0), strtoul(words[2], NULL, 0));
    controller = endpoint ? nvme_mi_init_ctrl(endpoint, strtoul(words[3], NULL, 0)) : NULL;
    if (!controller) {
        perror("judge");
        return 1;
    }
    status = run(endpoint, controller, words[4]);
    if (status == UNAVAILABLE)
        printf("unavailable\n");
    nvme_mi_close(endpoint);
    nvme_mi_free_root(root);
    return status;
}
