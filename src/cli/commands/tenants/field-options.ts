import { Option, type Command } from 'commander';
import { CLOUD_NAMES } from '../../../settings/clouds.js';
import { CREDENTIAL_KINDS } from '../../../settings/credential.js';

/** The word that takes away what may be unset. */
export const NONE = 'none';

export function addFieldOptions(command: Command): Command {
  return (
    command
      .option('--client-id <id>', 'the application (client) id of the app registration that reads')
      .addOption(
        new Option('--credential <kind>', 'how it proves who it is; a secret unless given').choices(CREDENTIAL_KINDS),
      )
      .option('--secret-ref <where>', 'where the secret, certificate or token is: env:NAME or file:/path')
      .option('--password-ref <where>', "where the password of the certificate's file is: env:NAME or file:/path")
      .addOption(
        new Option('--cloud <name>', "the directory's cloud; the hosts of the environment unless given").choices([
          ...CLOUD_NAMES,
          NONE,
        ]),
      )
      .addOption(
        new Option('--include-guests <yes|no>', 'whether guests are in the roster as well').choices(['yes', 'no']),
      )
      .addOption(
        new Option('--include-agents <yes|no>', 'whether the accounts of AI agents are in the roster as well').choices([
          'yes',
          'no',
        ]),
      )
      .option('--domain-names <names>', 'only people of these domains, separated by commas; none: of every domain')
      .option('--schedule-nightly <pattern>', "a cron pattern, or off; none: the environment's")
      .option('--schedule-sso-access <pattern>', "a cron pattern, or off; none: the environment's")
      .option('--schedule-time-zone <zone>', "the time zone of the patterns; none: the environment's")
      .option('--role <role>', 'a database role that sees the rows of this tenant and of no other; none: no role')
      // What somebody may try: it is refused in words, and not repeated.
      .addOption(new Option('--client-secret <value>').hideHelp())
      .addOption(new Option('--secret <value>').hideHelp())
      .addOption(new Option('--password <value>').hideHelp())
  );
}
