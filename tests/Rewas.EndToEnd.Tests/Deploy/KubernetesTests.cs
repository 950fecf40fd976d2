using Microsoft.Extensions.Configuration;
using Rewas.Agent.Settings;
using Rewas.Clip;
using Rewas.EnergyPredictor;
using Rewas.Hosting;
using Rewas.Store.Settings;
using Rewas.VideoEncoder;
using k8s;
using k8s.Models;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>The promises of the manifests, for each overlay.</summary>
public sealed class KubernetesTests
{
    const string Gpu = "nvidia.com/gpu", Diffusion = "audio-diffusion";

    /// <summary>Time beyond delay and grace, for handing calls back and for the host's own end.</summary>
    static readonly TimeSpan EndTime = TimeSpan.FromSeconds(15);

    public static TheoryData<string> Overlays => ["cpu", "gpu", "gpu-multi"];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_service_has_a_deployment_a_service_and_a_disruption_budget(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        string[] names = [.. ServiceSettings.Known.Order()];
        Assert.Equal(names, manifests.Of<V1Deployment>().Select(Name).Order());
        Assert.Equal(names, manifests.Of<V1Service>().Select(Name).Order());
        Assert.Equal(names, manifests.Of<V1PodDisruptionBudget>().Select(Name).Order());
        Assert.All(manifests.All.Where(one => one is not V1Namespace), one => Assert.Equal("rewas", one.Metadata.NamespaceProperty));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Only_diffusion_asks_for_a_gpu_and_only_where_there_are_some(string overlay)
    {
        foreach (var deployment in Manifests.OfOverlay(overlay).Of<V1Deployment>())
        {
            var pod = deployment.Spec.Template.Spec;
            var onGpu = overlay != "cpu" && Name(deployment) == Diffusion;
            Assert.Equal(onGpu, pod.NodeSelector is { Count: > 0 });
            Assert.Equal(onGpu, pod.Tolerations is { Count: > 0 });
            Assert.Equal(
                onGpu ? "1" : null, pod.Containers.Single().Resources.Limits.TryGetValue(Gpu, out var limit) ? limit.ToString() : null);
            Assert.Equal(
                onGpu ? "1" : null,
                pod.Containers.Single().Resources.Requests.TryGetValue(Gpu, out var request) ? request.ToString() : null);
            Assert.Equal(
                onGpu ? "cuda" : null, pod.Containers.Single().Env.FirstOrDefault(variable => variable.Name == "Onnx__Accelerator")?.Value);
            Assert.All(pod.InitContainers ?? [], container => Assert.False(container.Resources.Requests.ContainsKey(Gpu)));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_container_has_resources_no_rights_and_no_telemetry(string overlay)
    {
        foreach (var pod in Manifests.OfOverlay(overlay).Of<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec))
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.True(pod.SecurityContext.RunAsUser > 0);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken);
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.True(
                    container.Resources.Requests.ContainsKey("cpu")
                        && container.Resources.Requests.ContainsKey("memory")
                        && container.Resources.Limits.ContainsKey("memory"),
                    container.Name);
                Assert.Equal("1", container.Env.Single(variable => variable.Name == "ORT_DISABLE_TELEMETRY").Value);
                Assert.StartsWith("registry.example.org/rewas/", container.Image, StringComparison.Ordinal);
                Assert.All(container.VolumeMounts, mount => Assert.Contains(pod.Volumes, volume => volume.Name == mount.Name));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_process_has_separate_readiness_and_liveness_probes(string overlay)
    {
        foreach (var container in Manifests.OfOverlay(overlay)
            .Of<V1Deployment>()
            .Select(deployment => deployment.Spec.Template.Spec.Containers.Single()))
        {
            // Callers reach the port of the calls. They must not be able to make probes fail.
            var port = container.Ports.Single(port => port.Name == "probes").ContainerPort;
            Assert.NotEqual(container.Ports.Single(port => port.Name == "grpc").ContainerPort, port);
            Assert.Equal((port, ""), (container.ReadinessProbe.Grpc.Port, container.ReadinessProbe.Grpc.Service ?? ""));
            Assert.Equal((port, ""), (container.StartupProbe.Grpc.Port, container.StartupProbe.Grpc.Service ?? ""));
            Assert.Equal((port, HealthNames.Alive), (container.LivenessProbe.Grpc.Port, container.LivenessProbe.Grpc.Service));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_setting_is_one_that_the_service_reads_and_accepts(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        foreach (var deployment in manifests.Of<V1Deployment>())
        {
            var container = deployment.Spec.Template.Spec.Containers.Single();
            var settings = ServiceSettings.Check(Name(deployment), Environment(manifests, container));
            Assert.EndsWith(
                $":{container.Ports.Single(port => port.Name == "grpc").ContainerPort}", settings.Listen, StringComparison.Ordinal);
            Assert.EndsWith(
                $":{container.Ports.Single(port => port.Name == "metrics").ContainerPort}", settings.Metrics, StringComparison.Ordinal);
            Assert.EndsWith(
                $":{container.Ports.Single(port => port.Name == "probes").ContainerPort}", settings.Probes, StringComparison.Ordinal);
            Assert.Empty(settings.Faults());
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void What_callers_can_make_a_process_hold_fits_into_its_memory_and_disk(string overlay)
    {
        const long ownBytes = 256L << 20;
        var manifests = Manifests.OfOverlay(overlay);
        var pods = manifests.Of<V1Deployment>().ToDictionary(Name, deployment => deployment.Spec.Template.Spec);

        var encoder = Settings<VideoEncoderOptions>("video-encoder", "VideoEncoder");
        Assert.Equal(encoder.MaxConcurrentVideos, VideoPlaces.Fitting(encoder, Memory("video-encoder")));
        Assert.InRange(encoder.MaxTotalUploadBytes, encoder.MaxUploadBytes, Disk("video-encoder"));

        var predictor = Settings<EnergyPredictorOptions>("energy-predictor", "EnergyPredictor");
        var recording = (long)(predictor.MaxRecordingDuration.TotalSeconds * ClipTiming.SampleRate * sizeof(float));
        Assert.InRange(ownBytes + predictor.MaxConcurrentRecordings * recording, 0, Memory("energy-predictor"));
        Assert.InRange(predictor.MaxTotalUploadBytes, predictor.MaxRecordingBytes, Disk("energy-predictor"));

        var (agent, store) = (
            Settings<AgentOptions>("agent", AgentOptions.Section), Settings<StoreOptions>("agent", StoreOptions.Section));
        Assert.InRange(agent.MaxTotalBytes + store.MaxWorkingBytes, 0, Disk("agent") - ownBytes);
        Assert.InRange(agent.MaxBytesPerCaller, agent.MaxVideoBytes, agent.MaxTotalBytes - 1);
        Assert.InRange(store.MaxWorkingBytesPerCaller, agent.MaxVideoBytes, store.MaxWorkingBytes - 1);

        long Memory(string pod) => pods[pod].Containers.Single().Resources.Limits["memory"].ToInt64();

        long Disk(string pod) => pods[pod].Volumes.Single(volume => volume.Name == "tmp").EmptyDir.SizeLimit.ToInt64();

        T Settings<T>(string pod, string section) where T : new() => new ConfigurationBuilder()
            .AddInMemoryCollection(Environment(manifests, pods[pod].Containers.Single())
                .Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
            .Build().GetSection(section).Get<T>() ?? new T();
    }

    [Fact]
    public void A_setting_with_a_typing_error_is_noticed()
    {
        Assert.ThrowsAny<InvalidOperationException>(
            () => ServiceSettings.Check("vocoder", new Dictionary<string, string> { ["Vocoder__ChunkFrame"] = "256" }));
        Assert.ThrowsAny<InvalidOperationException>(
            () => ServiceSettings.Check("vocoder", new Dictionary<string, string> { ["Rewas__Liste"] = "http://0.0.0.0:1" }));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(
            () => ServiceSettings.Check("vocoder", new Dictionary<string, string> { ["Vocode__ChunkFrames"] = "256" }));
    }

    [Fact]
    public void A_field_with_a_typing_error_is_noticed() =>
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.LoadAllFromString(
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIPP: None}\n", null, strict: true));

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Running_calls_may_end_before_a_process_is_killed(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        foreach (var deployment in manifests.Of<V1Deployment>())
        {
            var pod = deployment.Spec.Template.Spec;
            var settings = ServiceSettings.Check(Name(deployment), Environment(manifests, pod.Containers.Single()));
            Assert.True(settings.DrainDelay > TimeSpan.Zero);
            Assert.True(
                TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value) > settings.DrainDelay + settings.GracePeriod + EndTime);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_selector_meets_something(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        var pods = manifests.Of<V1Deployment>().ToDictionary(Name, deployment => deployment.Spec.Template);
        foreach (var deployment in manifests.Of<V1Deployment>())
        {
            Assert.True(Matches(pods[Name(deployment)], deployment.Spec.Selector.MatchLabels));
            Assert.All(
                deployment.Spec.Template.Spec.TopologySpreadConstraints,
                spread => Assert.True(Matches(pods[Name(deployment)], spread.LabelSelector.MatchLabels)));
        }
        foreach (var service in manifests.Of<V1Service>())
        {
            var pod = Assert.Single(pods.Values, pod => Matches(pod, service.Spec.Selector));
            Assert.All(
                service.Spec.Ports,
                port => Assert.Contains(
                    pod.Spec.Containers.Single().Ports, open => open.Name == port.TargetPort.Value && open.ContainerPort == port.Port));
            Assert.Equal(Name(service) == "gateway", service.Spec.ClusterIP is null);        // all others are headless
        }
        foreach (var budget in manifests.Of<V1PodDisruptionBudget>())
            Assert.Single(pods.Values, pod => Matches(pod, budget.Spec.Selector.MatchLabels));
        foreach (var policy in manifests.Of<V1NetworkPolicy>().Where(policy => policy.Spec.PodSelector.MatchLabels is not null))
            Assert.Contains(pods.Values, pod => Matches(pod, policy.Spec.PodSelector.MatchLabels));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void References_resolve_and_the_manifests_hold_no_secrets(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        Assert.Empty(manifests.Of<V1Secret>());
        foreach (var pod in manifests.Of<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec))
        {
            Assert.All(
                pod.Volumes.Where(volume => volume.PersistentVolumeClaim is not null),
                volume =>
                    Assert.Contains(
                        manifests.Of<V1PersistentVolumeClaim>(), claim => Name(claim) == volume.PersistentVolumeClaim.ClaimName));
            foreach (var variable in pod.Containers.Concat(pod.InitContainers ?? []).SelectMany(container => container.Env ?? []))
            {
                if (variable.ValueFrom?.ConfigMapKeyRef is { } reference)
                    Assert.Contains(manifests.Of<V1ConfigMap>(), map => Name(map) == reference.Name && map.Data.ContainsKey(reference.Key));
                if (variable.Name.EndsWith("Key", StringComparison.Ordinal))
                    Assert.NotNull(variable.ValueFrom?.SecretKeyRef);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_stage_scales_and_diffusion_by_its_queue(string overlay)
    {
        var manifests = Manifests.OfOverlay(overlay);
        var deployments = manifests.Of<V1Deployment>().ToDictionary(Name);
        var scalers = manifests.Of<V2HorizontalPodAutoscaler>().ToDictionary(scaler => scaler.Spec.ScaleTargetRef.Name);
        Assert.All(
            scalers.Values,
            scaler => Assert.True(
                deployments[scaler.Spec.ScaleTargetRef.Name].Spec.Replicas is null && scaler.Spec.MaxReplicas > scaler.Spec.MinReplicas));
        Assert.Empty(new[] { "video-encoder", "energy-predictor", "vocoder" }.Except(scalers.Keys));
        Assert.Null(deployments[Diffusion].Spec.Replicas);
        if (overlay == "cpu")
            Assert.Contains(scalers[Diffusion].Spec.Metrics, metric => metric.Pods?.Metric.Name == "rewas_diffusion_queue_length");
        else
        {
            var scaled = Assert.Single(manifests.Of<ScaledObject>());
            Assert.Equal(Diffusion, scaled.Spec.ScaleTargetRef.Name);
            Assert.True(scaled.Spec.MaxReplicaCount > scaled.Spec.MinReplicaCount);
            Assert.Contains(
                scaled.Spec.Triggers,
                trigger => trigger.Metadata["query"].Contains("rewas_diffusion_queue_length", StringComparison.Ordinal));
            Assert.Contains(
                scaled.Spec.Triggers,
                trigger => trigger.Metadata["query"].Contains("rewas_diffusion_wait_duration_seconds_bucket", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Only_declared_traffic_is_allowed(string overlay)
    {
        var policies = Manifests.OfOverlay(overlay).Of<V1NetworkPolicy>().ToList();
        // Probes come from the node itself, which policies do not stop.
        Assert.DoesNotContain(
            policies.SelectMany(policy => policy.Spec.Ingress ?? []).SelectMany(rule => rule.Ports ?? []), port => port.Port == "9465");
        var nothing = Assert.Single(
            policies, policy => policy.Spec.PodSelector.MatchLabels is null && policy.Spec.Ingress is null && policy.Spec.Egress is null);
        Assert.Equal(["Egress", "Ingress"], nothing.Spec.PolicyTypes.Order());
        var stages = Assert.Single(policies, policy => Name(policy) == "stages");
        Assert.All(
            stages.Spec.Ingress.SelectMany(rule => rule.FromProperty),
            from => Assert.Equal("gateway", from.PodSelector.MatchLabels["app.kubernetes.io/name"]));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void The_bundle_is_fetched_by_its_hash_before_a_stage_starts(string overlay)
    {
        foreach (var deployment in Manifests.OfOverlay(overlay)
            .Of<V1Deployment>()
            .Where(deployment => Name(deployment) is not ("gateway" or "agent")))
        {
            var pod = deployment.Spec.Template.Spec;
            Assert.Equal(
                ["models", "fetch", "$(BUNDLE_URL)", "--sha256", "$(BUNDLE_SHA256)", "--output", "/models/$(BUNDLE_SHA256)"],
                Assert.Single(pod.InitContainers).Args);
            var variables = pod.Containers.Single().Env.Select(variable => variable.Name).ToList();
            Assert.True(
                variables.IndexOf("BUNDLE_SHA256") < variables.IndexOf("Rewas__Bundle"),
                "a variable must come before those that refer to it");
            Assert.Equal(
                "/models/$(BUNDLE_SHA256)", pod.Containers.Single().Env.Single(variable => variable.Name == "Rewas__Bundle").Value);
            Assert.True(pod.Containers.Single().VolumeMounts.Single(mount => mount.Name == "models").ReadOnlyProperty);
        }
    }

    static Dictionary<string, string> Environment(Manifests manifests, V1Container container)
    {
        var environment = new Dictionary<string, string>();
        foreach (var source in container.EnvFrom)
            foreach (var (key, value) in manifests.Of<V1ConfigMap>().Single(map => Name(map) == source.ConfigMapRef.Name).Data)
                environment[key] = value;
        foreach (var variable in container.Env)
            environment[variable.Name] = variable.Value ?? "";
        return environment;
    }

    static bool Matches(V1PodTemplateSpec pod, IDictionary<string, string> labels) =>
        labels.All(label => pod.Metadata.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    static string Name(IKubernetesObject<V1ObjectMeta> one) => one.Metadata.Name;
}
