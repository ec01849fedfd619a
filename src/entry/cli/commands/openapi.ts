import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openApplication } from '../../boot.ts'
import type { Config } from '../../../foundation/platform/config/types.ts'
import { Secret } from '../../../foundation/kernel/secret.ts'
import { newLogger } from '../../../foundation/platform/logging/logger.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { invocationOf } from '../terminal/invocation.ts'

export function addOpenApi(program: CliCommand): void {
  program
    .command('openapi')
    .description('print the OpenAPI document of the HTTP API')
    .withExamples('openapi > openapi.json')
    .action((_flags: object, command: CliCommand) => print(command))
}

async function print(command: CliCommand): Promise<void> {
  const { out, loaded } = invocationOf(command)
  out.line(await openApiText(loaded.config))
}

/** Builds the application over a temporary, empty database, because the document is made from the registered routes. */
async function openApiText(config: Config): Promise<string> {
  const { buildApp } = await import('../../http/app.ts')
  const dataDir = mkdtempSync(join(tmpdir(), 'doorward-openapi-'))
  const databaseUrl = Secret.of(`sqlite:${join(dataDir, 'doorward.db')}`)
  try {
    const throwaway = { ...config, dataDir, databaseUrl, keyring: null }
    const doorward = await openApplication(throwaway, { createDatabase: true, log: newLogger(config, process.stderr) })
    const app = await buildApp(doorward)
    const text = JSON.stringify(await app.openApi(), null, 2)
    await app.close()
    await doorward.close()
    return text
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
