using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip.Files;

namespace Rewas.Tests.Bundles;

/// <summary>The signed statement beside the shipped bundle. scripts/provenance.sh writes it anew after a change of the bundle.</summary>
public sealed class ProvenanceTests
{
    static readonly string Models = Path.Combine(Repository.Root, "models"), Bundle = Path.Combine(Models, "rewas-mini");

    static JsonElement Envelope => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Models, "rewas-mini.intoto.json"))).RootElement;

    [Fact]
    public void It_is_signed_with_the_key_beside_it()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Models, "rewas-mini.pub.pem")));
        var (type, payload) = (Envelope.GetProperty("payloadType").GetString()!, Envelope.GetProperty("payload").GetBytesFromBase64());
        var signature = Envelope.GetProperty("signatures")[0].GetProperty("sig").GetBytesFromBase64();
        Assert.True(IsSigned(payload));
        payload[^10] ^= 1;
        Assert.False(IsSigned(payload));

        bool IsSigned(byte[] payload)
        {
            byte[] signed = [.. Encoding.ASCII.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    [Fact]
    public void It_states_the_hash_of_every_file_of_the_bundle_and_the_commit_that_stored_it()
    {
        var subjects = JsonDocument.Parse(Envelope.GetProperty("payload").GetBytesFromBase64()).RootElement.GetProperty("subject")
            .EnumerateArray().ToDictionary(subject => subject.GetProperty("name").GetString()!);
        string[] names = ["bundle.json", .. BundleManifestFile.Read(Path.Combine(Bundle, "bundle.json")).Manifest.Files.Keys];
        Assert.Equal(names.Order(StringComparer.Ordinal), subjects.Keys.Order(StringComparer.Ordinal));
        Assert.All(subjects, subject =>
        {
            Assert.Equal(
                FileHash.Of(Path.Combine(Bundle, subject.Key)),
                subject.Value.GetProperty("digest").GetProperty("sha256").GetString());
            Assert.Matches("^[0-9a-f]{40}$", subject.Value.GetProperty("annotations").GetProperty("gitCommit").GetString());
        });
    }

    [Fact]
    public void No_private_key_lies_beside_it() => Assert.DoesNotContain(
        Directory.GetFiles(Models, "*", SearchOption.AllDirectories),
        file => new FileInfo(file).Length < 100_000 && File.ReadAllText(file).Contains("PRIVATE KEY", StringComparison.Ordinal));
}
