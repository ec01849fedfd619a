import type { Client } from '#domain/clients/client.ts'
import { addAppSecret, endAppSecret } from '#use-cases/administration/clients/app-secrets.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import type { Working } from '../../terminal/invocation.ts'
import { printable } from '../../terminal/output.ts'
import { readSecretFile } from '../../terminal/password-input.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'

export function addSecretCommand(app: CliCommand): void {
  app
    .command('secret')
    .description('give an app a second secret, which is shown once; --end ends one')
    .argument('<app>', APP_ARGUMENT)
    .option('--end <id>', 'end this secret, from "app show", instead')
    .option('--secret-file <file>', 'read the new secret from a file')
    .withExamples('app secret Wiki', 'app secret Wiki --end 01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10')
    .action(ofApp(change))
}

interface SecretFlags {
  readonly end?: string
  readonly secretFile?: string
}

async function change({ ctx, out, command }: Working, app: Client, { end, secretFile }: SecretFlags): Promise<void> {
  if (end !== undefined && secretFile !== undefined) throw CliFailure.usage('Use --end or --secret-file, not both.')
  if (end !== undefined) {
    await endAppSecret(ctx, app.id, end)
    return out.result({ ended: 1 }, `Ended a secret of ${printable(app.name)}`)
  }
  const given = secretFile === undefined ? undefined : readSecretFile(secretFile, 'secret')
  const { secretId: id, secret, approval } = await addAppSecret(ctx, app.id, given)
  if (out.form === 'json') return out.json({ id, client_secret: secret.reveal(), approval })
  out.done(`Made a new secret of ${printable(app.name)}`)
  out.say('  Shown only once. Enter it in the app; the old one stays valid until you end it.')
  out.line(secret.reveal())
  out.say(`  Ids of the secrets: ${command(`app show ${app.id}`)}`)
}
