-- SPDX-License-Identifier: MIT
-- A complete Prosody (0.12) for a company with Jaejal. Attach Jaejal to a Prosody that you have already with
-- the two blocks marked JAEJAL; the rest is an ordinary small server. Replace corp.example by your domain.

-- ---- JAEJAL 1 of 2: where Jaejal connects ---------------------------------------------------------------
-- Prosody has no TLS on this port: keep it on loopback, and run jaejald on the same machine (or use a tunnel).
component_ports = { 5347 }
component_interfaces = { "127.0.0.1" }
-- ---- end of 1 -------------------------------------------------------------------------------------------

c2s_ports = { 5222 }
c2s_interfaces = { "*" }
c2s_require_encryption = true
authentication = "internal_hashed"
certificates = "/etc/prosody/certs"
data_path = "/var/lib/prosody"
pidfile = "/run/prosody/prosody.pid"
log = { info = "/var/log/prosody/prosody.log" }

modules_enabled = {
    "disco", "roster", "saslauth", "tls", "posix", "ping", "time", "version",
    "blocklist", "bookmarks", "carbons", "csi_simple", "limits", "pep", "private", "smacks",
    "vcard4", "vcard_legacy", -- Jaejal shows the names and photos that people have here
    "mam",
}
modules_disabled = { "s2s" } -- a server of the company's own; remove this line to talk to others

-- People's own limit, not Jaejal's. Debian's 10kb/s makes whoever pastes a page wait.
limits = { c2s = { rate = "512kb/s" } }
-- Prosody's built-in storage becomes slow when one person's archive holds 10,000 messages: keep weeks, not years,
-- or use an SQL storage for archives (https://prosody.im/doc/storage).
archive_expires_after = "2w"
-- More than there are people: beyond this number, 1,000 by default, Prosody writes a file of everybody's name anew
-- for each message it archives.
archive_cleanup_date_cache_size = 100000

VirtualHost "corp.example"

-- ---- JAEJAL 2 of 2: the component ----------------------------------------------------------------------
-- The name must be a sub-domain that nothing else uses; it needs no DNS entry. The secret is the one of
-- jaejal.conf ("openssl rand -hex 32" makes one).
Component "blog.corp.example"
    component_secret = "change-me"
    name = "Jaejal"
-- ---- end of 2 ------------------------------------------------------------------------------------------
