using BsdVm.Arm;
using BsdVm.Conformance;

namespace BsdVm.Tests.Arm;

public class DescriptorTests
{
    // Words put together by hand from the manual's pictures.
    [Fact]
    public void FirstLevelWordsAreTheManuals()
    {
        Assert.Equal(0x0001_0401u, new ArmDescriptor { Kind = ArmDescriptorKind.Table, Base = 0x10400 }.Encode());
        Assert.Equal(0x0001_05EDu, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.Table,
            Base = 0x10400,
            Domain = 15,
            NonSecure = true,
            PrivilegedExecuteNever = true,
        }.Encode());
        Assert.Equal(0x8010_0C0Eu, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.Section,
            Base = 0x8010_0000,
            Attributes = new() { AccessPermissions = 0b011, Cacheable = true, Bufferable = true },
        }.Encode());
        Assert.Equal(0x801B_9473u, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.Section,
            Base = 0x8010_0000,
            Domain = 3,
            NonSecure = true,
            PrivilegedExecuteNever = true,
            Attributes = new() { AccessPermissions = 0b101, TypeExtension = 1, Shareable = true, NotGlobal = true, ExecuteNever = true },
        }.Encode());

        // PA 39:36 go to bits 8:5, PA 35:32 to bits 23:20.
        Assert.Equal(0x8154_0D42u, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.Supersection,
            Base = 0xA5_8100_0000,
            Attributes = new() { AccessPermissions = 0b011 },
        }.Encode());
        Assert.Equal(0xA5_8100_0000UL, ArmDescriptor.DecodeFirst(0x8154_0D42).Base);
    }

    [Fact]
    public void SecondLevelWordsAreTheManuals()
    {
        Assert.Equal(0x0002_0032u, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.SmallPage,
            Base = 0x20000,
            Attributes = new() { AccessPermissions = 0b011 },
        }.Encode());
        Assert.Equal(0x0002_0F7Fu, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.SmallPage,
            Base = 0x20000,
            Attributes = new()
            {
                AccessPermissions = 0b111,
                TypeExtension = 0b101,
                Cacheable = true,
                Bufferable = true,
                Shareable = true,
                NotGlobal = true,
                ExecuteNever = true,
            },
        }.Encode());
        Assert.Equal(0x0002_D239u, new ArmDescriptor
        {
            Kind = ArmDescriptorKind.LargePage,
            Base = 0x20000,
            Attributes = new() { AccessPermissions = 0b111, TypeExtension = 0b101, Cacheable = true, ExecuteNever = true },
        }.Encode());
    }

    [Theory]
    [InlineData(0x0000_0000u, ArmDescriptorKind.Fault)]
    [InlineData(0xFFFF_FFFCu, ArmDescriptorKind.Fault)]
    [InlineData(0x0000_0001u, ArmDescriptorKind.Table)]
    [InlineData(0x0000_0002u, ArmDescriptorKind.Section)]
    [InlineData(0x0000_0003u, ArmDescriptorKind.Section)]
    [InlineData(0x0004_0002u, ArmDescriptorKind.Supersection)]
    [InlineData(0x0004_0003u, ArmDescriptorKind.Supersection)]
    public void FirstLevelTypes(uint word, ArmDescriptorKind kind) => Assert.Equal(kind, ArmDescriptor.DecodeFirst(word).Kind);

    [Theory]
    [InlineData(0xFFFF_FFFCu, ArmDescriptorKind.Fault)]
    [InlineData(0x0000_0001u, ArmDescriptorKind.LargePage)]
    [InlineData(0x0000_0002u, ArmDescriptorKind.SmallPage)]
    [InlineData(0x0000_0003u, ArmDescriptorKind.SmallPage)]
    public void SecondLevelTypes(uint word, ArmDescriptorKind kind) => Assert.Equal(kind, ArmDescriptor.DecodeSecond(word).Kind);

    // All words of a sample, and of each all 32 words that differ in one bit: no bit is lost, and none is in another's place.
    [Property(2000)]
    public void EveryBitSurvivesDecodingAndEncoding(ushort upper, ushort lower)
    {
        uint word = ((uint)upper << 16) | lower;
        for (int bit = -1; bit < 32; bit++)
        {
            uint one = bit < 0 ? word : word ^ (1u << bit);
            Assert.True((one & FirstMeaning(one)) == ArmDescriptor.DecodeFirst(one).Encode(), $"first level 0x{one:x}");
            Assert.True((one & SecondMeaning(one)) == ArmDescriptor.DecodeSecond(one).Encode(), $"second level 0x{one:x}");
        }
    }

    public static TheoryData<Protection, PmapFlags> Everything()
    {
        var data = new TheoryData<Protection, PmapFlags>();
        for (int rights = 1; rights < 8; rights++)
        {
            for (int flags = 0; flags < 8; flags++)
            {
                data.Add((Protection)rights, (PmapFlags)flags);
            }
        }

        return data;
    }

    // What the pmap keeps in a descriptor, as the machine understands it: with the access flag and TEX remap on.
    [Theory]
    [MemberData(nameof(Everything))]
    public void SoftwareBitsRoundTripWhereTheMachineIgnoresThem(Protection rights, PmapFlags flags)
    {
        rights = ArmBackends.Short.Capabilities.Express(rights);
        foreach (ulong frame in new ulong[] { 0, 1, 0xABCDE, 0xFFFFF })
        {
            uint word = ArmLeaf.Encode(new(frame), rights, flags);
            Assert.Equal(new PmapMapping(new(0x5000), new(frame), rights, flags), ArmLeaf.Decode(new(0x5000), word));

            ArmDescriptor descriptor = ArmDescriptor.DecodeSecond(word);
            Assert.Equal(
                (ArmDescriptorKind.SmallPage, new PageFrameNumber(frame).Address.Value, word),
                (descriptor.Kind, descriptor.Base, descriptor.Encode()));
            int access = descriptor.Attributes.AccessPermissions;
            Assert.Equal(0b011, access & 0b011);
            Assert.Equal(rights.Allows(Protection.Write) && (flags & PmapFlags.Modified) != 0, (access & 4) == 0);
            Assert.Equal(!rights.Allows(Protection.Execute), descriptor.Attributes.ExecuteNever);

            // The bits that say of which type the memory is: 2 or 3.
            Assert.True(descriptor.Attributes is { NotGlobal: true, Cacheable: true } && (descriptor.Attributes.TypeExtension & 1) == 0);
        }
    }

    // A use is watched for from the moment the referenced bit is cleared until it is set.
    [Fact]
    public void TheAccessFlagGoesWithTheReferencedBitAndComesBackWithIt()
    {
        uint word = ArmLeaf.Encode(new(5), Protection.Read, PmapFlags.None);
        Assert.True(HasAccessFlag(word));
        word = ArmLeaf.EncodeAnew(word, new(5), Protection.Read, PmapFlags.Wired);
        Assert.True(HasAccessFlag(word));
        word = ArmLeaf.EncodeAnew(word, new(5), Protection.Read, PmapFlags.Referenced);
        Assert.True(HasAccessFlag(word));
        word = ArmLeaf.EncodeAnew(word, new(5), Protection.Read, PmapFlags.None);
        Assert.False(HasAccessFlag(word));
        word = ArmLeaf.EncodeAnew(word, new(5), Protection.Read, PmapFlags.Wired);
        Assert.False(HasAccessFlag(word));
        word = ArmLeaf.EncodeAnew(word, new(5), Protection.Read, PmapFlags.Referenced);
        Assert.True(HasAccessFlag(word));
    }

    private static bool HasAccessFlag(uint word) => (ArmDescriptor.DecodeSecond(word).Attributes.AccessPermissions & 1) != 0;

    // Every bit but those that should be zero; bits of a fault are software's.
    private static uint FirstMeaning(uint word) => (word & 3) switch
    {
        0 => 0,
        1 => ~(1u << 4),
        _ => uint.MaxValue,
    };

    private static uint SecondMeaning(uint word) => (word & 3) switch
    {
        0 => 0,
        1 => ~(7u << 6),
        _ => uint.MaxValue,
    };
}
