// The actions about stored policies, with their sentences. Tested in audit.service.test.ts.
export const POLICY_EVENTS = {
  'policy.created': { sentence: 'Policy created', refused: 'Policy refused' },
  'policy.version_added': { sentence: 'Policy changed', refused: 'Change of a policy refused' },
  'policy.version_cancelled': {
    sentence: 'Planned version of a policy cancelled',
    refused: 'Cancelling a policy version refused',
  },
  'policy.ended': { sentence: 'Policy set to end', refused: 'Ending a policy refused' },
  'policy.exempted': { sentence: 'Exempted from a policy', refused: 'Exemption from a policy refused' },
  'policy.unexempted': {
    sentence: 'Exemption from a policy ended',
    refused: 'Ending an exemption from a policy refused',
  },
  'policy.reminded': { sentence: 'Users reminded of a policy' },
  'policy.renamed': { sentence: 'Policy renamed', refused: 'Renaming a policy refused' },
  'policy.deleted': { sentence: 'Policy deleted', refused: 'Deleting a policy refused' },
} as const
