'use client';

import { signOut } from 'next-auth/react';
import { useState } from 'react';

export function SignOut() {
  const [leaving, setLeaving] = useState(false);
  return (
    <button
      type="button"
      className="link"
      disabled={leaving}
      onClick={() => {
        setLeaving(true);
        // A full load, so that nothing of this person stays in memory.
        signOut({ redirect: false }).finally(() => window.location.assign('/signin'));
      }}
    >
      Sign out
    </button>
  );
}
