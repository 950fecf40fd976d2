using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rewas.Hosting;

namespace Rewas.Tests.Hosting;

public sealed class KeysInMemoryTests
{
    /// <summary>Holds whatever adds data protection, before or after: YARP, or authentication by tokens.</summary>
    [Fact]
    public void Data_protection_works_and_its_keys_stay_in_the_process()
    {
        var services = new ServiceCollection();
        KeysInMemory.Use(services);
        services.AddDataProtection();
        using var provider = services.BuildServiceProvider();
        var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("a test");
        Assert.Equal("rain", protector.Unprotect(protector.Protect("rain")));
        Assert.Single(
            Assert.IsType<KeysInMemory>(provider.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository)
                .GetAllElements());
    }
}
