/** Of every answer; pages get their Content-Security-Policy, with a nonce, from src/proxy.ts. */
const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Set-up and invite links carry a secret in their address.
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
const asList = (record) => Object.entries(record).map(([key, value]) => ({ key, value }));

/** @type {import('next').NextConfig} */
export default {
  // Another folder lets a development server run beside a built one.
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  // Native or large packages that Node loads itself.
  serverExternalPackages: ['@node-rs/argon2', '@prisma/client', 'h5wasm', 'koffi', 'pg', 'sharp', 'yauzl', 'yazl'],
  poweredByHeader: false,
  devIndicators: false,
  // `npm test` checks types; a start must not.
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    { source: '/:path*', headers: asList(headers) },
    {
      source: '/api/:path*',
      headers: asList({ 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'" }),
    },
  ],
};
