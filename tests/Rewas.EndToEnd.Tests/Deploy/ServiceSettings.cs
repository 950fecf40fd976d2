using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Rewas.Agent.Settings;
using Rewas.AudioDiffusion;
using Rewas.Client;
using Rewas.EnergyPredictor;
using Rewas.Gateway;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Networks.Onnx;
using Rewas.Store.Settings;
using Rewas.VideoEncoder;
using Rewas.Vocoder;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>
/// The settings that a process gets from its environment, read as the service reads them. A key that no option has is a fault.
/// </summary>
static class ServiceSettings
{
    /// <summary>Variables that .NET and the exporters read themselves, and names that other variables refer to.</summary>
    static readonly string[] NoSettings =
    [
        "DOTNET_EnableDiagnostics", "ORT_DISABLE_TELEMETRY", "OTEL_EXPORTER_OTLP_ENDPOINT", "BUNDLE_URL", "BUNDLE_SHA256",
    ];

    static readonly Dictionary<string, (string Section, Func<object> Options)[]> Services = new()
    {
        ["gateway"] = [(GatewayOptions.Section, () => new GatewayOptions()), (CallersOptions.Section, () => new CallersOptions())],
        ["agent"] = [(AgentOptions.Section, () => new AgentOptions()), (StoreOptions.Section, () => new StoreOptions())],
        ["video-encoder"] = [("VideoEncoder", () => new VideoEncoderOptions()), (OnnxOptions.Section, () => new OnnxOptions())],
        ["energy-predictor"] = [("EnergyPredictor", () => new EnergyPredictorOptions()), (OnnxOptions.Section, () => new OnnxOptions())],
        ["audio-diffusion"] = [("AudioDiffusion", () => new AudioDiffusionOptions()), (OnnxOptions.Section, () => new OnnxOptions())],
        ["vocoder"] = [("Vocoder", () => new VocoderOptions()), (OnnxOptions.Section, () => new OnnxOptions())],
    };

    /// <summary>Names of the known services.</summary>
    public static IEnumerable<string> Known => Services.Keys;

    /// <summary>Reads and checks a service's settings.</summary>
    /// <param name="service">For example "audio-diffusion".</param>
    /// <param name="environment">The variables of the process.</param>
    /// <returns>The options that every process has.</returns>
    public static RewasOptions Check(string service, IReadOnlyDictionary<string, string> environment)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                environment.Where(variable => !NoSettings.Contains(variable.Key))
                    .Select(
                        variable =>
                            KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)))
            .Build();
        var rewas = new RewasOptions();
        Bind(configuration.GetSection(RewasOptions.Section), rewas, "Bundle", "Client");
        Bind(configuration.GetSection($"{RewasOptions.Section}:Client"), new StageAccess());
        foreach (var (section, options) in Services[service])
            Bind(configuration.GetSection(section), options());
        string[] sections = [RewasOptions.Section, .. Services[service].Select(known => known.Section)];
        Assert.All(
            configuration.GetChildren(), child => Assert.True(sections.Contains(child.Key), $"{service} does not read '{child.Key}'"));
        return rewas;
    }

    static void Bind(IConfigurationSection section, object options, params string[] except)
    {
        var settings = section.AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Key.Length > 0 && !except.Contains(setting.Key.Split(':')[0]));
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings)
            .Build()
            .Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }
}
