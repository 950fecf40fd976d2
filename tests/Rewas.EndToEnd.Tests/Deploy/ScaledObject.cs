using k8s;
using k8s.Models;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>The fields of KEDA's resource that are used here. Any other field is refused.</summary>
public sealed record ScaledObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public ScaledObjectSpec Spec { get; set; } = new();
}

public sealed record ScaledObjectSpec
{
    public ScaledObjectTarget ScaleTargetRef { get; set; } = new();

    public int MinReplicaCount { get; set; }

    public int MaxReplicaCount { get; set; }

    public int PollingInterval { get; set; }

    public int CooldownPeriod { get; set; }

    public List<ScaledObjectTrigger> Triggers { get; set; } = [];
}

public sealed record ScaledObjectTarget
{
    public string Name { get; set; } = "";
}

public sealed record ScaledObjectTrigger
{
    public string Type { get; set; } = "";

    public string Name { get; set; } = "";

    public string MetricType { get; set; } = "";

    public Dictionary<string, string> Metadata { get; set; } = [];
}
