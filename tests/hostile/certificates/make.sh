#!/bin/sh
# Makes the certificates of the TLS tests: an authority that nobody else trusts, and what it signed. They are kept and
# not made at test time, so that the tests need no openssl; the authority's own key is thrown away.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=authority of the tests" \
    -keyout "$work/authority.key" -out authority.pem 2>/dev/null
touch "$work/index"

sign() {  # name, subject alternative name, first day, last day
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$work/$1.key" -out "$work/$1.csr" 2>/dev/null
    printf '[ca]\ndefault_ca=it\n[it]\ndatabase=%s/index\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\n' \
        "$work" "$work" >"$work/conf"
    printf 'policy=any\nunique_subject=no\n[any]\ncommonName=supplied\n[ext]\nsubjectAltName=%s\n' "$2" >>"$work/conf"
    openssl ca -batch -notext -config "$work/conf" -extensions ext -cert authority.pem -keyfile "$work/authority.key" \
        -startdate "$3" -enddate "$4" -in "$work/$1.csr" -out "$work/$1.crt" 2>/dev/null
    cat "$work/$1.crt" "$work/$1.key" >"$1.pem"
}

sign good IP:127.0.0.1 20200101000000Z 21200101000000Z
sign expired IP:127.0.0.1 20200101000000Z 20210101000000Z
sign not_yet IP:127.0.0.1 21000101000000Z 21200101000000Z
sign wrong_address IP:127.0.0.2 20200101000000Z 21200101000000Z
sign wrong_host DNS:api.aries.com 20200101000000Z 21200101000000Z
