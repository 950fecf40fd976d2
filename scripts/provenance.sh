#!/usr/bin/env bash
# Says where each file of a shipped bundle comes from, as a signed statement (in-toto, SLSA provenance, in a DSSE envelope).
#   scripts/provenance.sh key PRIVATE PUBLIC             makes a key pair (ECDSA P-256); keep PRIVATE out of the repository
#   scripts/provenance.sh sign BUNDLE PRIVATE            writes BUNDLE.intoto.json beside the folder BUNDLE, such as models/rewas-mini
#   scripts/provenance.sh verify BUNDLE PUBLIC           checks the signature and every file; prints who stored which file with which commit
# Needs git, jq and openssl. docs/training.md says what the signature proves.
set -euo pipefail
type=application/vnd.in-toto+json

# What is signed of a payload of this type: https://github.com/secure-systems-lab/dsse
encoding() { printf 'DSSEv1 %d %s %d ' ${#type} "$type" "$(wc -c <"$1" | tr -d ' ')"; cat "$1"; }
hash() { sha256sum "$1" | cut -d' ' -f1; }
keyid() { openssl pkey "$@" -pubout -outform DER | sha256sum | cut -d' ' -f1; }

# The files of a bundle by name: bundle.json and those that it lists. Its page, README.md, is none of them.
names() { jq -r '"bundle.json", (.files | keys[])' "$1/bundle.json"; }

# One line of JSON for each file: its hash, and the commit that stored these bytes.
files() {
    local name commit
    for name in $(names "$1"); do
        [ -z "$(git -C "$1" status --porcelain -- "$name")" ] || { echo "$1/$name is not committed" >&2; return 1; }
        commit=$(git -C "$1" log -1 --format=%H -- "$name")
        jq -cn --arg name "$name" --arg sha256 "$(hash "$1/$name")" --arg commit "$commit" \
            --arg author "$(git -C "$1" log -1 --format=%an "$commit")" --arg time "$(git -C "$1" log -1 --format=%cI "$commit")" \
            '{$name, digest: {$sha256}, annotations: {storedBy: $author, storedAt: $time, gitCommit: $commit}}'
    done
}

statement() {
    local bundle=$1 root configuration
    root=$(git -C "$bundle" rev-parse --show-toplevel)
    configuration=training/configs/$(basename "$bundle").json
    files "$bundle" | jq -s --arg name "$(basename "$bundle")" --arg configuration "$configuration" \
        --arg configurationHash "$(hash "$root/$configuration")" --arg bundle "$(jq -c . "$bundle/bundle.json")" \
        --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '
        . as $files | ($bundle | fromjson) as $bundle | {
            _type: "https://in-toto.io/Statement/v1",
            subject: $files,
            predicateType: "https://slsa.dev/provenance/v1",
            predicate: {
                buildDefinition: {
                    buildType: "urn:rewas:bundle:trained:1",
                    externalParameters: {configuration: $configuration, procedure: "README.md of the bundle, section Procedure"},
                    internalParameters: {bundle: $name, licence: $bundle.licence, trainedOn: $bundle.trainedOn},
                    resolvedDependencies: (
                        [{name: $configuration, digest: {sha256: $configurationHash}}]
                        + [$files[] | select(.name | test("CREDITS")) | {name: ("recordings listed in " + .name), digest}]
                        + [$files | map(.annotations.gitCommit) | unique[] | {name: "repository", digest: {gitCommit: .}}])
                },
                runDetails: {
                    builder: {id: "urn:rewas:maintainers"},
                    metadata: {finishedOn: ($files | map(.annotations.storedAt) | max), statedOn: $time}
                }
            }
        }'
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case "${1:-}" in
    key)
        (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$2")
        openssl pkey -in "$2" -pubout -out "$3"
        ;;
    sign)
        bundle=${2%/}
        statement "$bundle" >"$work/payload"
        encoding "$work/payload" | openssl dgst -sha256 -sign "$3" -out "$work/signature"
        jq -n --arg type "$type" --arg payload "$(base64 -w0 "$work/payload")" --arg sig "$(base64 -w0 "$work/signature")" \
            --arg keyid "$(keyid -in "$3")" '{payloadType: $type, $payload, signatures: [{$keyid, $sig}]}' >"$bundle.intoto.json"
        ;;
    verify)
        bundle=${2%/}
        jq -r .payload "$bundle.intoto.json" | base64 -d >"$work/payload"
        jq -r '.signatures[0].sig' "$bundle.intoto.json" | base64 -d >"$work/signature"
        encoding "$work/payload" | openssl dgst -sha256 -verify "$3" -signature "$work/signature" >"$work/verified" \
            || { echo "$bundle.intoto.json is not signed with the key of $3" >&2; exit 1; }
        jq -r '.subject[] | [.name, .digest.sha256] | @tsv' "$work/payload" | sort >"$work/stated"
        for name in $(names "$bundle"); do printf '%s\t%s\n' "$name" "$(hash "$bundle/$name")"; done | sort >"$work/found"
        if ! diff "$work/stated" "$work/found" >"$work/difference"; then
            echo "the files are not the stated ones:" >&2
            cat "$work/difference" >&2
            exit 1
        fi
        jq -r '.subject[] | [.digest.sha256[:12], .annotations.gitCommit[:9], .annotations.storedAt, .annotations.storedBy, .name] | @tsv' \
            "$work/payload"
        ;;
    *)
        sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2
        exit 2
        ;;
esac
