// What is recorded about requests of the two-person rule.
// Tested in audit.service.test.ts.
export const APPROVAL_EVENTS = {
  'approval.requested': { sentence: 'Asked for a second admin’s approval' },
  'approval.carried_out': { sentence: 'Approved change carried out', refused: 'Approval refused' },
  'approval.declined': { sentence: 'Request declined', refused: 'Declining refused' },
  'approval.withdrawn': { sentence: 'Request withdrawn', refused: 'Withdrawal refused' },
  'approval.objected': { sentence: 'Objected to a request', refused: 'Objection refused' },
  'approval.lapsed': { sentence: 'Request lapsed without effect' },
  'approval.bypassed': { sentence: 'Two-person rule bypassed on the server' },
  'approval.rule_changed': { sentence: 'Two-person rule changed in the configuration' },
} as const
