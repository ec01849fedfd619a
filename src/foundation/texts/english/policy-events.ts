// The events of policies in the audit log, in words.

type Sentence = (event: { readonly refused: boolean }) => string

/** By the action. */
export const policySentences = {
  'policy.created': ({ refused }) => (refused ? 'Policy refused' : 'Policy created'),
  'policy.version_added': ({ refused }) => (refused ? 'Change of a policy refused' : 'Policy changed'),
  'policy.version_cancelled': ({ refused }) =>
    refused ? 'Withdrawing a policy version refused' : 'Planned version of a policy withdrawn',
  'policy.exempted': ({ refused }) => (refused ? 'Exemption from a policy refused' : 'Exempted from a policy'),
  'policy.unexempted': ({ refused }) =>
    refused ? 'Ending an exemption from a policy refused' : 'Exemption from a policy ended',
  'policy.reminded': () => 'Users reminded of a policy',
  'policy.ended': ({ refused }) => (refused ? 'Ending a policy refused' : 'Policy set to end'),
  'policy.renamed': ({ refused }) => (refused ? 'Renaming a policy refused' : 'Policy renamed'),
  'policy.deleted': ({ refused }) => (refused ? 'Deleting a policy refused' : 'Policy deleted'),
} satisfies Record<string, Sentence>
