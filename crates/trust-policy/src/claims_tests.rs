//! Which keys a token has for a policy, issuer by issuer.

use super::*;

#[test]
fn a_policy_can_compare_what_aws_makes_keys_of() {
    let keys: [(&str, &[&str]); 4] = [
        (
            r#"{"iss":"https://oidc.circleci.com/org/O","sub":"s","aud":["a"],"oidc.circleci.com/project-id":"p","x":"y"}"#,
            &["org/O:aud=a", "org/O:sub=s", "org/O:oidc.circleci.com/project-id=p"],
        ),
        // Whether AWS has the project's key there is not known.
        (
            r#"{"iss":"https://oidc.circleci.com","sub":"s","aud":"a","oidc.circleci.com/project-id":"p"}"#,
            &["oidc.circleci.com:aud=a", "oidc.circleci.com:sub=s"],
        ),
        (
            r#"{"iss":"https://i.test:443","sub":"s","aud":["a","b"],"azp":"z"}"#,
            &["i.test:aud=z", "i.test:sub=s"],
        ),
        (
            r#"{"iss":"https://token.actions.githubusercontent.com","sub":"s","aud":"a","ref":"r","run_id":"1"}"#,
            &["com:aud=a", "com:sub=s", "com:ref=r"],
        ),
    ];
    for (claims, ends) in keys {
        let keys = claims.parse::<TokenClaims>().unwrap().condition_keys();
        let seen: Vec<String> = keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(seen.len(), ends.len(), "{seen:?}");
        assert!(seen.iter().zip(ends).all(|(seen, end)| seen.ends_with(end)), "{seen:?}");
    }
}
