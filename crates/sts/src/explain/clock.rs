//! This machine's clock compared with STS's. STS's time is read from the texts and headers that state it, never from
//! the `current date/time` of an expired token: that is five minutes less, STS's tolerance (facts/aws.md 2.5, 4.3).

use std::cmp::Ordering;

use aws::Timestamp;

use crate::Refusal;

/// Seconds of difference that do not count: the response takes time to arrive.
const ALIKE: i64 = 60;

/// The time in the parentheses of a signature error; without it the `Date` header, which a proxy may have set.
pub(super) fn of_server(refusal: &Refusal) -> Option<Timestamp> {
    let in_text = refusal.message.as_deref().and_then(|message| {
        let (_, after) = message.rsplit_once('(')?;
        Timestamp::from_basic(after.split(' ').next()?).ok()
    });
    in_text.or(refusal.server_time)
}

/// Whether `now` is behind or ahead of STS's clock, if that is known.
pub(super) fn side(refusal: &Refusal, now: Timestamp) -> Option<Ordering> {
    let seconds = now.seconds_since(of_server(refusal)?);
    Some(if seconds.abs() <= ALIKE { Ordering::Equal } else { seconds.cmp(&0) })
}

/// How far `now` is from STS's clock, as text.
pub(super) fn words(refusal: &Refusal, now: Timestamp) -> String {
    let Some(server) = of_server(refusal) else { return format!("it says {now}") };
    let seconds = now.seconds_since(server);
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
    format!("{now} is {minutes} min {seconds} s {side} the clock of STS, {server}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATE: &str = "Signature expired: 20150830T122005Z is now earlier than 20150830T122100Z (20150830T123600Z - 15 min.)";
    const EARLY: &str = "Signature not yet current: 20150830T122005Z is still later than 20150830T121500Z \
                         (20150830T120000Z + 15 min.)";

    fn refusal(message: &str, server_time: Option<&str>) -> Refusal {
        Refusal {
            status: 403,
            code: "SignatureDoesNotMatch".to_owned(),
            message: Some(message.to_owned()),
            request_id: None,
            server_time: server_time.map(|time| time.parse().unwrap()),
        }
    }

    #[test]
    fn the_difference_of_a_wrong_clock_is_shown() {
        let now = "2015-08-30T12:20:05Z".parse().unwrap();
        let header = Some("2015-08-30T12:30:05Z");
        for (message, server_time, told) in [
            (LATE, None, "is 15 min 55 s behind the clock of STS, 2015-08-30T12:36:00Z"),
            (LATE, header, "is 15 min 55 s behind the clock of STS, 2015-08-30T12:36:00Z"),
            (EARLY, None, "is 20 min 5 s ahead of the clock of STS, 2015-08-30T12:00:00Z"),
            ("Signature expired", header, "is 10 min 0 s behind the clock of STS, 2015-08-30T12:30:05Z"),
            ("(You may see this)", header, "is 10 min 0 s behind the clock of STS, 2015-08-30T12:30:05Z"),
        ] {
            assert_eq!(words(&refusal(message, server_time), now), format!("2015-08-30T12:20:05Z {told}"));
        }
        assert!(words(&refusal("", Some("2015-08-30T12:20:05Z")), now).contains("is 0 min 0 s ahead of"));
        assert_eq!(words(&refusal("Signature expired", None), now), "it says 2015-08-30T12:20:05Z");
        assert_eq!(side(&refusal("Signature expired", None), now), None);
    }

    #[test]
    fn a_minute_does_not_count_as_a_difference() {
        let refusal = refusal("", Some("2015-08-30T12:30:00Z"));
        for (now, is) in [
            ("2015-08-30T12:29:00Z", Ordering::Equal),
            ("2015-08-30T12:31:00Z", Ordering::Equal),
            ("2015-08-30T12:28:59Z", Ordering::Less),
            ("2015-08-30T12:31:01Z", Ordering::Greater),
        ] {
            assert_eq!(side(&refusal, now.parse().unwrap()), Some(is), "{now}");
        }
    }
}
