using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rewas.Clip.Files;
using Rewas.Hosting.Access;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>
/// The pods of an overlay as processes of this machine, started as the manifests say. Only addresses differ: each pod has a loopback
/// address of its own, with the ports of the manifest, and names of Services stand for these addresses.
/// </summary>
sealed class RunningManifests : IAsyncDisposable
{
    const string BundleFile = "rewas-mini.zip";

    readonly Manifests manifests;
    readonly TemporaryFolder folder = new();
    readonly Dictionary<string, string> addresses = [], secrets;
    readonly string network = $"127.{Random.Shared.Next(1, 255)}.{Random.Shared.Next(1, 255)}";
    readonly WebApplication models;
    string hash = "";

    public RunningManifests(string overlay)
    {
        manifests = Manifests.OfOverlay(overlay);
        foreach (var deployment in manifests.Of<V1Deployment>())
            addresses[deployment.Metadata.Name] = $"{network}.{addresses.Count + 1}";
        ApiKey agent = ApiKey.New(), caller = ApiKey.New();
        Key = caller.Text;
        secrets = new() { ["rewas-agent/gatewayKey"] = agent.Text };
        Directory.CreateDirectory(folder.File("callers"));
        KeysFile.Write(folder.File("callers/keys.json"), [Entry(caller, "anna", false), Entry(agent, "agent", true)]);
        File.SetUnixFileMode(folder.File("callers/keys.json"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        models = builder.Build();
        models.Urls.Add($"http://{network}.250:{FreePort($"{network}.250")}");
        models.MapGet($"/{BundleFile}", () => Results.File(folder.File(BundleFile), "application/zip"));
    }

    /// <summary>A caller's key.</summary>
    public string Key { get; }

    public Dictionary<string, ContainerProcess> Containers { get; } = [];

    public IEnumerable<V1Deployment> Deployments => manifests.Of<V1Deployment>();

    public string AddressOf(string deployment, string port) =>
        $"http://{addresses[deployment]}:{Service(deployment).Ports.Single(known => known.Name == port).ContainerPort}";

    public V1Container Service(string deployment) =>
        Deployments.Single(known => known.Metadata.Name == deployment).Spec.Template.Spec.Containers.Single();

    /// <summary>
    /// Runs each pod's init containers to their end, and starts its container. Waits until every startup probe is answered.
    /// </summary>
    public async Task StartAsync()
    {
        await ServeBundleAsync();
        foreach (var deployment in Deployments)
        {
            var pod = deployment.Spec.Template.Spec;
            var name = deployment.Metadata.Name;
            foreach (var container in pod.InitContainers ?? [])
            {
                await using var init = Start(name, pod, container);
                await init.EndAsync();
                Assert.True(init.ExitCode == 0, $"{name}: {container.Name} ended with {init.ExitCode}: {init.Log}");
            }
            Containers[name] = Start(name, pod, pod.Containers.Single());
        }
        await Task.WhenAll(Containers.Keys.Select(StartedAsync));
    }

    /// <summary>Asks as a probe of the manifest does.</summary>
    public async Task<bool> IsServingAsync(string deployment, V1Probe probe)
    {
        using var channel = GrpcChannel.ForAddress($"http://{addresses[deployment]}:{probe.Grpc.Port}");
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(
                new() { Service = probe.Grpc.Service ?? "" }, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(probe.TimeoutSeconds ?? 10));
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in Containers.Values)
            await container.DisposeAsync();
        await models.DisposeAsync();
        folder.Dispose();
    }

    async Task StartedAsync(string deployment)
    {
        var probe = Service(deployment).StartupProbe;
        await Wait.UntilAsync(
            async () =>
            {
                Assert.False(Containers[deployment].HasExited, $"{deployment} ended: {Containers[deployment].Log}");
                return await IsServingAsync(deployment, probe);
            },
            $"{deployment} answers its startup probe");
    }

    /// <summary>Serves the archive of the shipped bundle, made as deploy/README.md says.</summary>
    async Task ServeBundleAsync()
    {
        using (var zip = ZipFile.Open(folder.File(BundleFile), ZipArchiveMode.Create))
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "models", "rewas-mini")))
                zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.NoCompression);
        hash = await FileHash.OfAsync(folder.File(BundleFile), TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.File("models"));
        await models.StartAsync(TestContext.Current.CancellationToken);
    }

    ContainerProcess Start(string deployment, V1PodSpec pod, V1Container container) =>
        ContainerProcess.Start(pod, container, Variables(deployment, container), container.VolumeMounts.Select(mount => (
            mount.MountPath,
            mount.Name switch
            {
                "models" => folder.File("models"),
                "callers" => folder.File("callers"),
                _ => Directory.CreateDirectory(folder.File($"{deployment}-{mount.Name}")).FullName,
            },
            mount.ReadOnlyProperty != true)));

    Dictionary<string, string> Variables(string deployment, V1Container container)
    {
        var variables = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom ?? [])
            foreach (var (name, value) in MapOf(source.ConfigMapRef.Name).Data)
                variables[name] = Here(deployment, value);
        foreach (var variable in container.Env)
            if (ValueOf(variable) is { } value)
                variables[variable.Name] = Here(deployment, ContainerProcess.Expanded(value, variables));
        return variables;
    }

    string? ValueOf(V1EnvVar variable) => variable.ValueFrom switch
    {
        null => variable.Value ?? "",
        { ConfigMapKeyRef: { Name: "rewas-bundle", Key: "sha256" } } => hash,
        { ConfigMapKeyRef: { Name: "rewas-bundle", Key: "url" } } => $"{models.Urls.First()}/{BundleFile}",
        { ConfigMapKeyRef: { } map } => MapOf(map.Name).Data[map.Key],
        { SecretKeyRef: { } secret } when secrets.TryGetValue($"{secret.Name}/{secret.Key}", out var text) => text,
        { SecretKeyRef.Optional: true } => null,
        _ => throw new InvalidOperationException($"{variable.Name}: its source is not known"),
    };

    V1ConfigMap MapOf(string name) => manifests.Of<V1ConfigMap>().Single(map => map.Metadata.Name == name);

    /// <summary>Addresses of the cluster as addresses of this machine.</summary>
    string Here(string deployment, string value) => addresses.Aggregate(
        value.Replace("//0.0.0.0:", $"//{addresses[deployment]}:", StringComparison.Ordinal),
        (text, address) => text.Replace($"//{address.Key}:", $"//{address.Value}:", StringComparison.Ordinal));

    static KeyEntry Entry(ApiKey key, string caller, bool actsForCallers) => new()
    {
        Id = key.Id,
        Caller = caller,
        Sha256 = Convert.ToHexStringLower(key.Hash()),
        Created = DateTimeOffset.UtcNow,
        Methods = ["*"],
        ActsForCallers = actsForCallers,
    };

    static int FreePort(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
