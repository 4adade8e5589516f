//! The flags of a command, built only when it is the chosen one: those of all commands took a sixth of an exchange's
//! instructions. Whoever walks the tree of commands calls `build` on it first. Apart from the derive's own `defer`, with
//! which a struct's comment would replace the command's.

use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// The flags of one command among others.
#[derive(Debug)]
pub(crate) struct OnDemand<T>(Box<T>);

impl<T> Deref for OnDemand<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for OnDemand<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(with_flags::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

/// The command keeps what it says of itself.
fn with_flags<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned();
    about.into_iter().fold(T::augment_args(command), Command::about)
}

impl<T: FromArgMatches> FromArgMatches for OnDemand<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(|args| Self(Box::new(args)))
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(|args| Self(Box::new(args)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::CommandLine;
    use super::Command;

    #[test]
    fn only_the_chosen_command_gets_its_flags() {
        for mut command in verbs(&CommandLine::command()) {
            let name = command.get_name().to_owned();
            let about = command.get_about().cloned();
            assert_eq!(command.get_arguments().count(), 0, "{name}");
            command.build();
            assert!(command.get_arguments().any(|flag| flag.get_long() == Some("quiet")), "{name}");
            assert_eq!(command.get_about(), about.as_ref(), "{name}");
        }
    }

    /// The commands that do something, not their groups.
    fn verbs(command: &Command) -> Vec<Command> {
        if command.has_subcommands() {
            return command.get_subcommands().flat_map(verbs).collect();
        }
        vec![command.clone()]
    }
}
