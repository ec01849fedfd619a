// Tested in ../approval-change.test.ts.
import { type HostRule, RULE_SCOPES } from '#domain/hosts/host.ts'
import { ASSURANCE_LEVELS } from '#foundation/kernel/assurance.ts'
import { optionalFields, Type } from '#foundation/web/http/type.ts'
import { storedAs, Words } from '../stored-field.ts'
import { GroupNames } from './app.ts'

// The rules as JSON, as `normalizedHost` orders their fields. A rule with a field or word that only a newer version knows fails the pattern.
const TEXT = String.raw`"(?:[^"\\]|\\.)*"`
const TEXTS = String.raw`\[(?:${TEXT}(?:,${TEXT})*)?\]`
const WHO = RULE_SCOPES.join('|')
const LEVEL = ASSURANCE_LEVELS.map((level) => `"${level}"`).join('|')
const RULE = String.raw`\{"path":${TEXT},"methods":${TEXTS},"who":"(?:${WHO})","names":${TEXTS},"leastAssurance":(?:null|${LEVEL}),"maxAge":(?:null|\d+)\}`

const Rules = storedAs<readonly HostRule[], string>(
  Type.String({ pattern: String.raw`^\[(?:${RULE}(?:,${RULE})*)?\]$` }),
  { encode: JSON.stringify, decode: JSON.parse },
)

/** What an admin says about a host but its name. */
const HOST_FIELDS = {
  rules: Rules,
  /** The same with the names of groups instead of their ids, for the person who decides. */
  namedRules: Rules,
  sharedGroups: Words,
  /** Their names, as above. */
  sharedGroupNames: GroupNames,
  apiTokens: Type.Boolean(),
  preflights: Type.Boolean(),
}

/** The host has its id from the beginning. */
export const CreateHost = Type.Object({ hostId: Type.String(), ...HOST_FIELDS })

/** What changes of a host; the rest is left out. */
export const ChangeHost = Type.Object({ hostId: Type.String(), ...optionalFields(HOST_FIELDS) })
