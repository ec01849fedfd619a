// The events of roles in the audit log, in words.

type Sentence = (event: { readonly refused: boolean }) => string

/** By the action. */
export const roleSentences = {
  'role.created': ({ refused }) => (refused ? 'Creating a role refused' : 'Role created'),
  'role.changed': ({ refused }) => (refused ? 'Changing a role refused' : 'Role changed'),
  'role.deleted': ({ refused }) => (refused ? 'Deleting a role refused' : 'Role deleted'),
  'role.configured': () => 'Role changed in the configuration',
} satisfies Record<string, Sentence>
