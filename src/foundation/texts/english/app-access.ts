// Who may use an app, who can't, and what is said before that changes.

const people = (count: number, shown: string): string => (count === 1 ? '1 person' : `${shown} people`)

export const appAccess = {
  title: 'Who may use it',
  everyone: 'Everyone with an account',
  roles: 'Roles',
  groups: 'Groups',
  least: 'How they sign in',
  maxAge: 'When they last signed in',
  cannot: (count: number, shown: string) => `${people(count, shown)} can’t use it.`,
  all: 'Everyone who can sign in now can use it.',
  counted:
    'This counts people who can sign in now, not those who haven’t joined yet or have to set up a second step first.',
  count: people,
  reasons: {
    role: 'None of the roles',
    group: 'In none of the groups',
    role_or_group: 'None of the roles, and in none of the groups',
    no_second_factor: 'No second step',
    no_passkey: 'No passkey',
    passkey_not_allowed: 'No passkey allowed by a policy',
  },
  check: {
    title: 'Restrict app',
    question: (name: string) => `Restrict ${name}?`,
    /** Under the two-person rule. */
    questionOfTwo: (name: string) => `Ask a second admin to restrict ${name}?`,
    questionNew: (name: string) => `Register ${name} for some people only?`,
    questionNewOfTwo: (name: string) => `Ask a second admin to register ${name} for some people only?`,
    newly: (count: number, shown: string) => `${people(count, shown)} who can use it now can’t anymore.`,
    none: 'Everyone who can use it now still can.',
    takesEffect: 'If they’re signed in to the app, they lose it when the app next asks this server.',
    afterwards: 'Who may use it then',
    who: 'Who can’t use it anymore',
    whoNew: 'Who can’t use it',
    table: 'People who can’t use it',
    person: 'Person',
    why: 'Why',
    more: (count: number, shown: string) => (count === 1 ? 'And 1 more person.' : `And ${shown} more people.`),
    save: 'Save anyway',
    /** Where no one loses it. */
    saveSafely: 'Save',
    create: 'Register anyway',
    createSafely: 'Register app',
    back: 'Back',
  },
  undo: {
    title: 'Undo change',
    open: 'Undo last change',
    question: (name: string) => `Undo the last change of who may use ${name}?`,
    questionOfTwo: (name: string) => `Ask a second admin to undo the last change of who may use ${name}?`,
    changed: 'Changed',
    submit: 'Undo change',
  },
}
