// Files with apps, without a disk.
import assert from 'node:assert/strict'

import type { With } from '#foundation/context.ts'
import { readToml } from '#foundation/platform/config/settings-file.ts'
import { readAppFile } from '#use-cases/administration/app-files/app-file.schema.ts'
import {
  type AppFileRequest,
  appsForFile,
  hostsForFile,
  resourcesForFile,
} from '#use-cases/administration/app-files/app-file.service.ts'
import { appFileText, appTable } from '#use-cases/administration/app-files/app-file.ts'

/** The hashes of the secrets of each app. */
export const FILE_HASHES = ['a'.repeat(64), 'b'.repeat(64)]

/** Returns the apps, resources and hosts of a file without errors. */
export function fileInText(text: string): Omit<AppFileRequest, 'removesOthers'> {
  const toml = readToml(text)
  assert.ok('values' in toml, text)
  const { apps, resources, hosts, errors } = readAppFile(toml.values, () => 1)
  assert.deepEqual(errors, [], text)
  return { apps, resources, hosts }
}

/** Returns an app with a redirect URI, two secrets and further lines, as `app export` prints it. */
export function appInFile(id: string, ...lines: readonly string[]): string {
  const own = [`id = "${id}"`, `name = "App ${id}"`, `redirect_uris = ["https://${id}.example.org/"]`, ...lines]
  const hashes = FILE_HASHES.map((hash) => `  "sha256:${hash}",\n`).join('')
  return `[[app]]\n${own.join('\n')}\nsecret_hashes = [\n${hashes}]\n`
}

/** Returns what `app export` prints. */
export async function exportedApps(ctx: With<'db' | 'now'>): Promise<string> {
  const [apps, resources] = [(await appsForFile(ctx)).map(appTable), await resourcesForFile(ctx)]
  return appFileText({ apps, resources, hosts: await hostsForFile(ctx) })
}
