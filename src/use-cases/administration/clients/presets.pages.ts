// What a new app can be registered as: the presets, and the form without one.
import type { FastifyReply } from 'fastify'

import { listPresets } from '#domain/clients/preset.service.ts'
import { inLanguage, isGeneric, type Preset, presetTitle } from '#domain/clients/preset.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { type Choice, choiceTiles } from '#foundation/web/components/tile.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { newAppPath, WITHOUT_PRESET } from './app-path.ts'

/** Shows what can be chosen; each leads to a form. */
export async function showPresets(reply: FastifyReply): Promise<FastifyReply> {
  const { say, config } = adminReader(reply)
  const { appPresets: words, appForm, apps } = say
  const presets = await listPresets()
  const other = { title: words.other.title, detail: words.other.about, href: newAppPath(WITHOUT_PRESET) }
  const generic = presets.filter(isGeneric).map((preset) => choiceOf(say, preset))
  const programs = presets.filter((preset) => !isGeneric(preset)).map((preset) => choiceOf(say, preset))
  return sendPage(reply, {
    title: [appForm.newTitle, apps.title],
    body: html`<p class="lead">${words.lead}</p>
      ${group('any', words.any, [...generic, other])} ${group('programs', words.programs, programs)}`,
    api: apiEquivalent(say, config, {
      method: 'POST',
      path: '/apps',
      body: { name: 'Notes', kind: 'web', redirect_uris: ['https://notes.example.org/callback'] },
      needsSession: true,
    }),
  })
}

function choiceOf({ language }: Texts, preset: Preset): Choice {
  return {
    title: presetTitle(preset, language),
    detail: inLanguage(preset.about, language),
    href: newAppPath(preset.name),
  }
}

function group(id: string, title: string, choices: readonly Choice[]): Html {
  return html`<h2 class="of-tiles" id="${id}">${title}</h2>
    ${choiceTiles(id, choices)}`
}
