//! What the roles may do once they are assumed: nothing, unless a policy is attached.

use super::plan::Plan;

/// A comment for each role without permissions, as all formats but JSON have comments.
pub(super) fn comment(plan: &Plan) -> &'static str {
    match (plan.permissions_policies.is_empty(), plan.workload_roles.is_empty()) {
        (true, true) => {
            "# The role has no permissions yet: attach a policy to it, or generate this file with `--permissions-policy-arn`.\n"
        }
        (true, false) => {
            "# The first role may only assume the workload roles, which have no permissions yet: attach policies to them.\n"
        }
        (false, false) => "# The workload roles have no permissions yet: attach policies to them.\n",
        (false, true) => "",
    }
}
