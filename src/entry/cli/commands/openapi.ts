import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Secret } from '#foundation/kernel/secret.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { invocationOf, openForCommand } from '../terminal/invocation.ts'

export function addOpenApi(program: CliCommand): void {
  program
    .command('openapi')
    .description('print the OpenAPI document of the HTTP API')
    .withExamples('openapi > openapi.json')
    .action(async (_flags: object, command: CliCommand) => {
      const { out, loaded } = invocationOf(command)
      out.line(await openApiText(loaded.config))
    })
}

/** Returns the document as JSON. Builds the application over a temporary, empty database, because it is made from the registered routes. */
export async function openApiText(config: Config): Promise<string> {
  const { buildApp } = await import('#entry/http/app.ts')
  const dataDir = mkdtempSync(join(tmpdir(), 'doorward-openapi-'))
  const databaseUrl = Secret.of(`sqlite:${join(dataDir, 'doorward.db')}`)
  try {
    const throwaway = { ...config, dataDir, databaseUrl, keyring: null }
    await using doorward = await openForCommand(throwaway, { createDatabase: true })
    await using app = await buildApp(doorward)
    return JSON.stringify(await app.openApi(), null, 2)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
