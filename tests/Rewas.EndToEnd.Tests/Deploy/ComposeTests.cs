using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>The promises of deploy/compose.yaml.</summary>
public sealed class ComposeTests
{
    const string GpuService = "audio-diffusion-gpu";

    readonly Dictionary<string, Dictionary<object, object>> services = Read();

    [Fact]
    public void It_has_every_service_and_diffusion_twice() =>
        Assert.Equal(ServiceSettings.Known.Append(GpuService).Order(), services.Keys.Order());

    [Fact]
    public void Every_setting_is_one_that_the_service_reads_and_accepts()
    {
        foreach (var (name, service) in services)
        {
            var environment = ((Dictionary<object, object>)service["environment"])
                .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value);
            Assert.Empty(ServiceSettings.Check(Plain(name), environment).Faults());
        }
    }

    [Fact]
    public void Telemetry_of_ONNX_Runtime_is_off_in_every_container() =>
        Assert.All(
            services.Values, service => Assert.Equal("1", ((Dictionary<object, object>)service["environment"])["ORT_DISABLE_TELEMETRY"]));

    [Fact]
    public void The_gateway_knows_every_service_by_the_port_that_it_listens_at()
    {
        var settings = (Dictionary<object, object>)services["gateway"]["environment"];
        foreach (var (key, value) in settings.Where(
            setting => ((string)setting.Key).StartsWith("Gateway__Stages", StringComparison.Ordinal)))
        {
            var address = new Uri((string)value);
            var listen = new Uri((string)((Dictionary<object, object>)services[address.Host]["environment"])["Rewas__Listen"]);
            Assert.True(listen.Port == address.Port, $"{key} has port {address.Port}, but {address.Host} listens at {listen.Port}");
        }
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("video-encoder")]
    public void What_callers_send_lies_on_a_disk_and_not_in_memory(string name)
    {
        Assert.Empty(Texts(services[name]["tmpfs"]));
        var volume = ((List<object>)services[name]["volumes"]).Cast<Dictionary<object, object>>()
            .Single(volume => (string)volume["target"] == "/tmp");
        Assert.Equal("volume", volume["type"]);
    }

    [Fact]
    public void What_sessions_keep_and_what_is_being_made_is_as_little_as_in_a_cluster()
    {
        var environment = (Dictionary<object, object>)services["agent"]["environment"];
        var (kept, made) = (Bytes("SoundAgent__MaxTotalBytes"), Bytes("Store__MaxWorkingBytes"));
        Assert.InRange(kept + made, 0, 8L << 30);
        Assert.InRange(Bytes("SoundAgent__MaxBytesPerCaller"), 0, kept - 1);
        Assert.InRange(Bytes("Store__MaxWorkingBytesPerCaller"), 0, made - 1);

        long Bytes(string setting) => long.Parse((string)environment[setting], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Either_diffusion_runs_and_only_one_takes_a_gpu()
    {
        Assert.Equal(["cpu"], Texts(services["audio-diffusion"]["profiles"]));
        Assert.Equal(["gpu"], Texts(services[GpuService]["profiles"]));
        Assert.Equal([GpuService], services.Where(service => service.Value.ContainsKey("deploy")).Select(service => service.Key));
        Assert.All(
            services.Where(service => !service.Key.StartsWith("audio-diffusion", StringComparison.Ordinal)),
            service => Assert.False(service.Value.ContainsKey("profiles")));
    }

    [Fact]
    public void No_container_may_write_to_its_image_or_gain_rights()
    {
        foreach (var service in services.Values)
        {
            Assert.Equal("true", service["read_only"]);
            Assert.Equal(["ALL"], Texts(service["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], Texts(service["security_opt"]));
        }
    }

    [Fact]
    public void Only_the_gateway_is_reached_from_outside_and_only_from_this_machine()
    {
        Assert.Equal(["gateway"], services.Where(service => service.Value.ContainsKey("ports")).Select(service => service.Key));
        Assert.All(Texts(services["gateway"]["ports"]), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    static string Plain(string name) => name == GpuService ? "audio-diffusion" : name;

    static IEnumerable<string> Texts(object list) => ((List<object>)list).Cast<string>();

    static Dictionary<string, Dictionary<object, object>> Read()
    {
        using var file = File.OpenText(DeployFolder.Path("compose.yaml"));
        var all = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(file)));
        return ((Dictionary<object, object>)all["services"])
            .ToDictionary(service => (string)service.Key, service => (Dictionary<object, object>)service.Value);
    }
}
