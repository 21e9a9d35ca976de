/** @type {import('next').NextConfig} */
export default {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  serverExternalPackages: ['@node-rs/argon2', '@prisma/client', 'pg', 'sharp'],
  poweredByHeader: false,
  devIndicators: false,
};
