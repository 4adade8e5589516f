//! What passes, mostly: throttling and AWS's own faults (facts/aws.md 2.3, 5.2). Entries without a code stand
//! for every answer with their status that no other entry knows.

use super::entry::{BLANK, Chapter, Entry, cause};
use crate::retry::Class;

/// For faults of the service.
const FAULT: Entry = Entry {
    class: Class::Transient,
    fix: "run the job again in a moment; if it lasts, look at AWS's health page for STS in {region}",
    ..BLANK
};

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The service",
    entries: &[
        Entry {
            id: "throttled",
            codes: &[
                "Throttling",
                "ThrottlingException",
                "ThrottledException",
                "RequestThrottledException",
                "TooManyRequestsException",
                "ProvisionedThroughputExceededException",
                "TransactionInProgressException",
                "RequestLimitExceeded",
                "BandwidthLimitExceeded",
                "LimitExceededException",
                "RequestThrottled",
                "SlowDown",
                "PriorRequestNotComplete",
                "EC2ThrottledException",
            ],
            ..THROTTLED
        },
        Entry { id: "throttled-status", statuses: &[429], ..THROTTLED },
        Entry {
            id: "request-timeout",
            codes: &["RequestTimeout", "RequestTimeoutException"],
            means: "The request came too slowly.",
            causes: &[cause("network-slow", "the way from this job to STS is slow")],
            ..FAULT
        },
        Entry {
            id: "service-fault",
            codes: &["InternalFailure", "ServiceUnavailable"],
            statuses: &[500, 503],
            means: "A fault inside of AWS.",
            causes: &[cause("service-fault", "STS in {region} has a fault")],
            ..FAULT
        },
        Entry {
            id: "service-fault-status",
            statuses: &[500, 502, 503, 504],
            means: "A fault of STS, or of something in front of it.",
            causes: &[cause("service-fault", "STS in {region}, or a proxy in front of it, has a fault")],
            ..FAULT
        },
    ],
};

const THROTTLED: Entry = Entry {
    class: Class::Throttled,
    means: "Too many calls at a time.",
    causes: &[
        cause("many-jobs", "many jobs of the account ask STS in {region} in the same moment"),
        cause("other-callers", "other callers of the account use up the rate"),
    ],
    fix: "spread the jobs, assume the role once for a workflow's steps, or ask STS in another `region`: each has \
           its own rate",
    ..BLANK
};
