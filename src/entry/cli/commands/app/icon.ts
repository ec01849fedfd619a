import type { Client } from '#domain/clients/client.ts'
import { ICON_KIB_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { removeAppIcon, setAppIcon } from '#use-cases/administration/clients/app-icon.service.ts'
import { presentAppWithSecrets } from '#use-cases/administration/clients/clients.schema.ts'
import { readApp } from '#use-cases/administration/clients/clients.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import type { Working } from '../../terminal/invocation.ts'
import { readBytes } from '../../terminal/list-file.ts'
import { printable } from '../../terminal/output.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'

export function addIconCommand(app: CliCommand): void {
  app
    .command('icon')
    .description('give an app an icon, which people see when they sign in, or remove it')
    .argument('<app>', APP_ARGUMENT)
    .argument('<file>', `a square PNG or WebP file of at most ${ICON_KIB_MAXIMUM} KB, or none`)
    .withExamples('app icon Wiki wiki.png', 'app icon Wiki none')
    .action(ofApp(icon))
}

async function icon({ ctx, out }: Working, { id, name }: Client, file: string): Promise<void> {
  const isChanged = file === 'none' ? await removeAppIcon(ctx, id) : await setAppIcon(ctx, id, readBytes(file))
  if (out.form === 'json') return out.json(presentAppWithSecrets(ctx.config, await readApp(ctx, id)))
  if (!isChanged) return out.say(`Nothing to change for ${printable(name)}`)
  out.done(`${file === 'none' ? 'Removed' : 'Changed'} the icon of ${printable(name)}`)
}
