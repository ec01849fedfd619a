// A program that is registered by its preset, as an operator does.
import assert from 'node:assert/strict'

import { findPreset } from '#domain/clients/preset.service.ts'
import { fieldsWithUrl, filledSettings } from '#domain/clients/preset.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import type { Server } from '../server/start.ts'

interface Wanted {
  /** The name of the preset. */
  readonly preset: string
  readonly name: string
  readonly url?: string
}

/** Registers an app by a preset; returns what is entered in the program. */
export async function settingsByPreset(server: Server, { preset, name, url = '' }: Wanted): Promise<string> {
  const found = await findPreset(preset)
  assert.ok(found, `there is no preset ${preset}`)
  const ctx = server.operator()
  await ensureSigningKeys(ctx)
  const { client, secret } = await createApp(ctx, { ...fieldsWithUrl(found.fields, url), name })
  const filled = filledSettings(found, { client, secret: secret?.reveal(), config: ctx.config })
  return filled.map(({ text, values = [] }) => text ?? values.map((pair) => pair.join('=')).join('\n')).join('\n')
}
