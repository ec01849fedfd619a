// The list of all migrations, oldest first. A released migration is never edited; a new one is appended.
import { firstVersion } from './0001-first-version.ts'
import { secondFactors } from './0002-second-factors.ts'
import { waitingEvents } from './0003-waiting-events.ts'
import { pendingGuesses } from './0004-pending-guesses.ts'
import { externalRows } from './0005-external-rows.ts'
import { namedLocks } from './0006-named-locks.ts'
import { consumedSteps } from './0007-consumed-steps.ts'
import { largeTables } from './0008-large-tables.ts'
import { standardNames } from './0009-standard-names.ts'
import { jobs } from './0010-jobs.ts'
import { attemptTimeZone } from './0011-attempt-time-zone.ts'
import { mail } from './0012-mail.ts'
import { notices } from './0013-notices.ts'
import { accountExpiry } from './0014-account-expiry.ts'
import { approvals } from './0015-approvals.ts'
import { registrations } from './0016-registrations.ts'
import { sessionCounts } from './0017-session-counts.ts'
import { roles } from './0018-roles.ts'
import { groups } from './0019-groups.ts'
import { policies } from './0020-policies.ts'
import { rememberedDevices } from './0021-remembered-devices.ts'
import { attributes } from './0022-attributes.ts'
import { namesAndAddresses } from './0023-names-and-addresses.ts'
import { repeatedSignInForms } from './0024-repeated-sign-in-forms.ts'
import { usersApart } from './0025-users-apart.ts'
import { outboxGrowth } from './0026-outbox-growth.ts'
import { askedConfirmations } from './0027-asked-confirmations.ts'
import { help } from './0028-help.ts'
import { replacedLinks } from './0029-replaced-links.ts'
import { exemptionsByHelp } from './0030-exemptions-by-help.ts'
import { apps } from './0031-apps.ts'
import { consents } from './0032-consents.ts'
import { devices } from './0033-devices.ts'
import { resources } from './0034-resources.ts'
import { agents } from './0035-agents.ts'
import { countedGrants } from './0036-counted-grants.ts'
import { protectedHosts } from './0037-protected-hosts.ts'
import { endings } from './0038-endings.ts'
import type { Migration } from './migration.ts'

export const MIGRATIONS: readonly Migration[] = [
  firstVersion,
  secondFactors,
  waitingEvents,
  pendingGuesses,
  externalRows,
  namedLocks,
  consumedSteps,
  largeTables,
  standardNames,
  jobs,
  attemptTimeZone,
  mail,
  notices,
  accountExpiry,
  approvals,
  registrations,
  sessionCounts,
  roles,
  groups,
  policies,
  rememberedDevices,
  attributes,
  namesAndAddresses,
  repeatedSignInForms,
  usersApart,
  outboxGrowth,
  askedConfirmations,
  help,
  replacedLinks,
  exemptionsByHelp,
  apps,
  consents,
  devices,
  resources,
  agents,
  countedGrants,
  protectedHosts,
  endings,
]

export type MadeVersion = Pick<Migration, 'version' | 'oldestProgram'>

/** The schema version that these migrations make, and the oldest version that a program must know to run on it. */
export function versionMadeBy(migrations = MIGRATIONS): MadeVersion {
  return {
    version: migrations.at(-1)?.version ?? 0,
    oldestProgram: Math.max(0, ...migrations.map(({ oldestProgram }) => oldestProgram)),
  }
}
