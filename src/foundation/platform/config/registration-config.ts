// The settings of registration as the program uses them, and the faults between them and others.
import type { SettingName, SettingValues } from './settings.ts'
import type { ConfigFault, RegistrationSettings } from './types.ts'

/** The settings of registration. */
export function registrationOf(values: SettingValues): RegistrationSettings {
  return {
    mode: values.registration,
    domains: values.registration_domains,
    groups: values.registration_groups,
    proofOfWork: values.registration_proof_of_work,
  }
}

/** The fault of registration without mail: no email could be confirmed. */
export function registrationFaults(values: SettingValues, sourceOf: (name: SettingName) => string): ConfigFault[] {
  const { registration, mail_host: host } = values
  if (registration === 'off' || host !== null) return []
  const found = `${registration}, while mail is off, so that no address could be confirmed`
  const wanted = '`off`, or an SMTP server in mail_host and mail_from'
  return [{ key: 'registration', source: sourceOf('registration'), found, wanted }]
}
