using Microsoft.Extensions.Configuration;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Networks.Onnx;

namespace Rewas.Tests.Hosting;

/// <summary>Settings that mean nothing are refused, one line each, before a host runs.</summary>
public sealed class SettingsCheckTests
{
    static readonly SettingsSection[] Sections =
    [
        new("Rewas", typeof(RewasOptions)),
        new("Rewas:Bundle", typeof(string)),
        new("Rewas:Client", SettingsSection.Others),
        new("Onnx", typeof(OnnxOptions)),
    ];

    [Theory]
    [InlineData("Rewas:GracePeriod", "00:00:20")]
    [InlineData("rewas:graceperiod", "00:00:20")]
    [InlineData("Rewas:WarmUp", "false")]
    [InlineData("Rewas:Bundle", "rewas-mini")]
    [InlineData("Rewas:Client:ApiKey", "secret")]
    [InlineData("Onnx:Threads", "")]
    [InlineData("Jobs:Folder", "/of/another/service")]
    [InlineData("Rewas", "no section at all")]
    public void What_is_read_is_accepted(string name, string value) => Assert.Empty(Faults((name, value)));

    [Theory]
    [InlineData("Rewas:DrainTimeout", "abc", "Rewas:DrainTimeout: there is no such setting; there are Listen, ")]
    [InlineData("Rewas:AuthenticatesCallers", "true", "Rewas:AuthenticatesCallers: there is no such setting; there are Listen, ")]
    [InlineData("Rewas:GracePeriod:Seconds", "1", "Rewas:GracePeriod:Seconds: there is no such setting")]
    [InlineData("Rewas:GracePeriod", "abc", "Rewas:GracePeriod: must be a time such as 00:00:30, but is 'abc'")]
    [InlineData("Rewas:WarmUp", "perhaps", "Rewas:WarmUp: must be true or false, but is 'perhaps'")]
    [InlineData("Onnx:Threads", "1.5", "Onnx:Threads: must be a whole number, but is '1.5'")]
    [InlineData("Onnx:Thread", "1", "Onnx:Thread: there is no such setting; there are Threads, ")]
    public void What_means_nothing_is_named(string name, string value, string message) =>
        Assert.StartsWith(message, Assert.Single(Faults((name, value))), StringComparison.Ordinal);

    [Fact]
    public void A_service_that_calls_others_knows_what_it_needs_for_that() =>
        Assert.StartsWith(
            "Rewas:Client:ApiKye: there is no such setting; there are ApiKey, ",
            Assert.Single(SettingsSections.Faults(
                Configuration(("Rewas:Client:ApiKye", "x")), [.. Sections, new("Rewas:Client", typeof(StageAccess))], [])),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("--Onnx:Threads=1")]
    [InlineData("--Onnx:Threads", "1")]
    [InlineData("--Logging:LogLevel:Default=Warning")]
    [InlineData("Onnx:Threads=1", "/Rewas:WarmUp=false")]
    public void Arguments_of_sections_that_are_read_are_accepted(params string[] arguments) =>
        Assert.Empty(SettingsSections.Faults(Configuration(), Sections, arguments));

    [Theory]
    [InlineData("Onix:Threads: there is no such setting; there are sections Rewas, Onnx", "--Onix:Threads=1")]
    [InlineData("threads: there is no such setting", "--threads=1")]
    [InlineData("settings: must be written --SECTION:NAME=VALUE, but 'Onnx:Threads' is not", "--Onnx:Threads")]
    [InlineData("settings: must be written --SECTION:NAME=VALUE, but 'stray' is not", "stray")]
    public void Other_arguments_are_named(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Single(SettingsSections.Faults(Configuration(), Sections, arguments)), StringComparison.Ordinal);

    static IReadOnlyList<string> Faults(params (string, string)[] settings) =>
        SettingsSections.Faults(Configuration(settings), Sections, []);

    static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
}
