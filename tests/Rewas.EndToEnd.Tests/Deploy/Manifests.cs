using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using k8s;
using k8s.Models;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>All objects of an overlay, rendered by <c>kubectl kustomize</c> and read strictly: an unknown field is a failure.</summary>
sealed class Manifests
{
    static readonly ConcurrentDictionary<string, Lazy<Manifests>> Rendered = new();

    static readonly Dictionary<string, Type> OtherTypes = new() { ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject) };

    Manifests(string yaml) =>
        All = [.. KubernetesYaml.LoadAllFromString(yaml, OtherTypes, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> All { get; }

    public IEnumerable<T> Of<T>() where T : IKubernetesObject<V1ObjectMeta> => All.OfType<T>();

    /// <summary>Skips the test if no kubectl can render.</summary>
    public static Manifests OfOverlay(string overlay) => Rendered.GetOrAdd(overlay, name => new(() => new(Render(name)))).Value;

    static string Render(string overlay)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", DeployFolder.Path("kubernetes", "overlays", overlay)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            if (process.ExitCode != 0 && error.Result.Contains("unknown field \"components\"", StringComparison.Ordinal))
                Assert.Skip("this kubectl is too old: its kustomize knows no components");
            Assert.True(process.ExitCode == 0, error.Result);
            return output.Result;
        }
        catch (Win32Exception)
        {
            Assert.Skip("kubectl is not installed (Debian: kubernetes-client)");
            throw;
        }
    }
}
