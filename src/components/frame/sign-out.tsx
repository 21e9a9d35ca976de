'use client';

import { signOut } from 'next-auth/react';
import { useState } from 'react';

/** A full load afterwards, so that nothing of this person stays in memory. */
export function leave(): void {
  signOut({ redirect: false }).finally(() => window.location.assign('/signin'));
}

export function SignOut() {
  const [leaving, setLeaving] = useState(false);
  return (
    <button
      type="button"
      className="link"
      disabled={leaving}
      onClick={() => {
        setLeaving(true);
        leave();
      }}
    >
      Sign out
    </button>
  );
}
