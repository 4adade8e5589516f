//! A signed call, refused for its signature: the credentials or this machine's clock are wrong, whatever was
//! asked (facts/aws.md 2.3, 4.2, 4.3).

use aws::Timestamp;

use super::says;
use crate::Refusal;

/// What to do about the refusal of a call that was signed at `now`, this machine's time.
pub fn hint_for_signed(refusal: &Refusal, now: Timestamp) -> Option<String> {
    let says = |text| says(refusal, text);
    let hint = match refusal.code.as_str() {
        "ExpiredToken" => "get new credentials: those that signed this call have expired".to_owned(),
        "InvalidClientTokenId" => {
            "take access key id, secret key and session token from one set of credentials, of the partition of the \
             endpoint; a session ends when its role is deleted"
                .to_owned()
        }
        "SignatureDoesNotMatch" if says("Signature expired") || says("Signature not yet current") => {
            clock(refusal, now)
        }
        "SignatureDoesNotMatch" if says("scoped to a valid region") => {
            "name the `region` that the endpoint serves: the signature is for another".to_owned()
        }
        "SignatureDoesNotMatch" => {
            "check that the secret key belongs to the access key id, and that no proxy changes requests".to_owned()
        }
        _ => return None,
    };
    Some(hint)
}

fn clock(refusal: &Refusal, now: Timestamp) -> String {
    let Some(server) = server_time(refusal) else {
        return format!("set this machine's clock: it says {now}");
    };
    let seconds = now.seconds_since(server);
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    let (minutes, seconds) = (seconds.abs() / 60, seconds.abs() % 60);
    format!("set this machine's clock: {now} is {minutes} min {seconds} s {side} the clock of STS, {server}")
}

/// The time in the text's parentheses, else the `Date` header's: a proxy may have set that.
fn server_time(refusal: &Refusal) -> Option<Timestamp> {
    let in_text = refusal.message.as_deref().and_then(|message| {
        let (_, after) = message.rsplit_once('(')?;
        Timestamp::from_basic(after.split(' ').next()?).ok()
    });
    in_text.or(refusal.server_time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::refusal;

    fn now() -> Timestamp {
        "2015-08-30T12:20:05Z".parse().unwrap()
    }

    #[test]
    fn each_known_refusal_names_the_thing_to_change() {
        for (code, message, part) in [
            ("ExpiredToken", "The security token included in the request is expired", "get new credentials"),
            ("InvalidClientTokenId", "The security token included in the request is invalid.", "one set of"),
            ("SignatureDoesNotMatch", "Credential should be scoped to a valid region. ", "name the `region`"),
            ("SignatureDoesNotMatch", "The request signature we calculated does not match", "the secret key"),
        ] {
            let hint = hint_for_signed(&refusal(code, message), now()).unwrap();
            assert!(hint.contains(part), "{code} {message}: {hint}");
        }
        assert_eq!(hint_for_signed(&refusal("AccessDenied", ""), now()), None);
    }

    #[test]
    fn a_wrong_clock_is_told_by_how_much() {
        let late = "Signature expired: 20150830T122005Z is now earlier than 20150830T122100Z (20150830T123600Z - 15 min.)";
        let early = "Signature not yet current: 20150830T122005Z is still later than 20150830T121500Z (20150830T120000Z + 15 min.)";
        let bare = "Signature expired: 20150830T122005Z";
        let header: Option<Timestamp> = Some("2015-08-30T12:30:05Z".parse().unwrap());
        for (message, server_time, told) in [
            (
                late,
                None,
                ": 2015-08-30T12:20:05Z is 15 min 55 s behind the clock of STS, 2015-08-30T12:36:00Z",
            ),
            (
                late,
                header,
                ": 2015-08-30T12:20:05Z is 15 min 55 s behind the clock of STS, 2015-08-30T12:36:00Z",
            ),
            (
                early,
                None,
                ": 2015-08-30T12:20:05Z is 20 min 5 s ahead of the clock of STS, 2015-08-30T12:00:00Z",
            ),
            (
                bare,
                header,
                ": 2015-08-30T12:20:05Z is 10 min 0 s behind the clock of STS, 2015-08-30T12:30:05Z",
            ),
            (bare, None, ": it says 2015-08-30T12:20:05Z"),
        ] {
            let refusal = Refusal { server_time, ..refusal("SignatureDoesNotMatch", message) };
            let hint = hint_for_signed(&refusal, now()).unwrap();
            assert_eq!(hint, format!("set this machine's clock{told}"), "{message}");
        }
    }
}
