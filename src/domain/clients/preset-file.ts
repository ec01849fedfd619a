// The form of a file of presets/. Tested in preset-reader.test.ts.
import { type Static, Type } from '#foundation/web/http/type.ts'
import {
  AUTH_METHODS,
  CLIENT_KINDS,
  CLIENT_SCOPES,
  defaultAuthMethod,
  ID_TOKEN_ALGORITHMS,
  NEW_CLIENT,
} from './client.ts'
import type { Preset, Words } from './preset.ts'
import { MOST_REDIRECT_URIS } from './redirect-uri.ts'

const choice = <const Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words] })
const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\n]*$' })
const Uris = Type.Array(Line(200), { maxItems: MOST_REDIRECT_URIS })
const Pair = Type.Unsafe<readonly [string, string]>({ type: 'array', items: Line(500), minItems: 2, maxItems: 2 })

/** Returns the schema of a file, whose words stand there in each of these languages. */
export function presetFileSchema(languages: readonly string[]) {
  const wordsOf = (maxLength: number) =>
    Type.Unsafe<Words>({
      type: 'object',
      properties: Object.fromEntries(languages.map((language) => [language, Line(maxLength)])),
      required: [...languages],
    })
  return Type.Object({
    title: Type.Unsafe<string | Words>({ anyOf: [Line(40), wordsOf(40)] }),
    about: wordsOf(100),
    note: Type.Optional(wordsOf(400)),
    example: Type.Optional(Line(100)),
    kind: choice(CLIENT_KINDS),
    redirect_uris: Type.Optional(Uris),
    logout_uris: Type.Optional(Uris),
    auth_method: Type.Optional(choice(AUTH_METHODS)),
    id_token_alg: Type.Optional(choice(ID_TOKEN_ALGORITHMS)),
    scopes: Type.Optional(Type.Array(choice(CLIENT_SCOPES))),
    refresh_tokens: Type.Optional(Type.Boolean()),
    require_pkce: Type.Optional(Type.Boolean()),
    claims_in_id_token: Type.Optional(Type.Boolean()),
    run: Type.Optional(
      Type.Object({
        program: Line(60),
        date: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
        test: Type.String({ pattern: '^test/[\\w./-]+\\.test\\.ts$' }),
      }),
    ),
    settings: Type.Optional(
      Type.Array(
        Type.Object({
          where: wordsOf(200),
          text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
          values: Type.Optional(Type.Array(Pair, { minItems: 1, maxItems: 30 })),
        }),
      ),
    ),
  })
}

type PresetFile = Static<ReturnType<typeof presetFileSchema>>

/** Returns what a file says, with the defaults of a new app. */
export function presetOf(name: string, file: PresetFile): Preset {
  const { title, about, note, example, kind, run, settings = [] } = file
  const { scopes = NEW_CLIENT.scopes, auth_method: authMethod = defaultAuthMethod(kind) } = file
  return {
    name,
    title,
    about,
    note,
    example,
    run,
    settings: settings.map((one) => ({ ...one, text: one.text?.trim() })),
    fields: {
      kind,
      redirectUris: file.redirect_uris ?? [],
      logoutUris: file.logout_uris ?? [],
      authMethod,
      idTokenAlg: file.id_token_alg ?? NEW_CLIENT.idTokenAlg,
      scopes: CLIENT_SCOPES.filter((scope) => scope === 'openid' || scopes.includes(scope)),
      refreshTokens: file.refresh_tokens ?? NEW_CLIENT.refreshTokens,
      requirePkce: file.require_pkce ?? NEW_CLIENT.requirePkce,
      claimsInIdToken: file.claims_in_id_token ?? NEW_CLIENT.claimsInIdToken,
    },
  }
}
