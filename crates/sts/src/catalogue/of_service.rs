//! Mostly transient: throttling and AWS's own faults (facts/aws.md 2.3, 5.2). An entry without a code stands for
//! each response with its status that no other entry matches.

use super::entry::{BLANK, Chapter, Entry, cause};
use crate::retry::Class;

/// For faults of the service.
const FAULT: Entry = Entry {
    class: Class::Transient,
    fix: "run the job again later; if it happens again, check AWS's health page for STS in {region}",
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
            means: "The request arrived too slowly.",
            causes: &[cause("network-slow", "the network path from this job to STS is slow")],
            ..FAULT
        },
        Entry {
            id: "service-fault",
            codes: &["InternalFailure", "ServiceUnavailable"],
            statuses: &[500, 503],
            means: "A fault inside AWS.",
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
    means: "Too many calls at once.",
    causes: &[
        cause("many-jobs", "many jobs of the account call STS in {region} at the same time"),
        cause("other-callers", "other callers of the account use up the rate"),
    ],
    fix: "spread the jobs, assume the role once for a workflow's steps, or call STS in another `region`: each has \
          its own rate",
    ..BLANK
};
